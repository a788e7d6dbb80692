package io.nexus.heartbeat.api;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * On a field that is for a host only, where {@code heartbeat run} and {@code heartbeat check} work
 * without Kubernetes. It is in no CRD, so the API server refuses it; files may have it.
 */
@Retention(RetentionPolicy.RUNTIME)
@interface HostOnly {}
