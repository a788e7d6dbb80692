package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On a name: a DNS label after RFC 1123, as Kubernetes' names. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Pattern(Label.PATTERN) @Size(min = 1, max = Label.MAX_LENGTH) @interface Label {
  String PATTERN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
  int MAX_LENGTH = 63;
}
