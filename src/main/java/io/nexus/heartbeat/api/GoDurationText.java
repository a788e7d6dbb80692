package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On a {@link java.time.Duration}: read, written and described as {@link GoDuration}. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@JsonSerialize(using = GoDuration.Writer.class)
@JsonDeserialize(using = GoDuration.Reader.class)
@Pattern(GoDuration.PATTERN) @Size(min = 2, max = GoDuration.MAX_LENGTH) @interface GoDurationText {}
