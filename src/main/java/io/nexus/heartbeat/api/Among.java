package io.nexus.heartbeat.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On an enumeration of which only some constants make sense here. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Among {
  String[] value();
}
