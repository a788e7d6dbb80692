package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On the value of a threshold: a number, a percentage, a Kubernetes quantity or a duration. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Pattern("^(-?[0-9]+([.][0-9]+)?(%|[KMGTPE]i|[kMGTPEmun])?|([0-9]{1,5}(h|m|s|ms)){1,4})$") @Size(min = 1, max = 32) @interface Limit {}
