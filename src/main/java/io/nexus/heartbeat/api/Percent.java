package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On a kind's own limit: 85% or 85; more than all of it may be meant, as of a budget. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Pattern("^[0-9]{1,3}([.][0-9]{1,3})?%?$") @Size(min = 1, max = 8) @Min(0) @Max(999) @interface Percent {}
