package io.nexus.heartbeat.reading;

/**
 * One of several that do the same.
 *
 * @param name the pod's
 * @param uid the pod's; another one under the same name is another
 */
public record Instance(String name, String uid) {}
