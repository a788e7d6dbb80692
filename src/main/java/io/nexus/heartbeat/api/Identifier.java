package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On the name of a schema, table or column, as it is and without quotes: PostgreSQL's bounds. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Pattern("^[^\\x00-\\x1f\\x7f]+$") @Size(min = 1, max = 63) @interface Identifier {}
