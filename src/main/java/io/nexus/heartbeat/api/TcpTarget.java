package io.nexus.heartbeat.api;

/** A port that must accept connections. */
public record TcpTarget(String host, Integer port) implements TargetKind {}
