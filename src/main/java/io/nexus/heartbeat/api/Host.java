package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On a host: a DNS name, which may have underscores as Docker's do, or an IP address. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Pattern("^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?[.]?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$") @Size(min = 1, max = 253) @interface Host {}
