package io.nexus.heartbeat.act;

/** The monitor for which something is done. */
public record MonitorRef(String namespace, String name, String uid) {}
