package io.nexus.heartbeat.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a list whose elements are told apart by that field: unique, and merged one by one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface ListMap {
  String value();
}
