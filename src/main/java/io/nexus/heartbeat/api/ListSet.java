package io.nexus.heartbeat.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a list of plain values in which none appears twice. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface ListSet {}
