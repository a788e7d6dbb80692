package io.nexus.heartbeat.api;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * On a record: exactly one of these fields is set. In a cluster those that are {@link HostOnly} are
 * not among them, and what is left alone is required.
 */
@Retention(RetentionPolicy.RUNTIME)
@interface ExactlyOne {
  String[] value();
}
