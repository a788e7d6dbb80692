package io.nexus.heartbeat.web;

import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.PushAnswer;

/** Takes what a target of kind push says of itself, and writes it down. */
@FunctionalInterface
public interface PushSink {
  PushAnswer take(MonitorKey monitor, String target, Signal signal, String token)
      throws InterruptedException;
}
