package io.nexus.heartbeat.api;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * On a field that speaks of what only Kubernetes has. It is in the CRD; on a host it can do
 * nothing, and {@code heartbeat validate --for host} says so.
 */
@Retention(RetentionPolicy.RUNTIME)
@interface ClusterOnly {}
