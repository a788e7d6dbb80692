package io.nexus.heartbeat.operator;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import java.time.Instant;

/** What the reconciler needs of the engine. */
public interface Turns {
  /**
   * One turn for one monitor: sync the schedule, decide, persist, perform, tell.
   *
   * @return when to look next
   * @throws Unavailable the status cannot be stored now
   */
  Instant turn(HeartbeatMonitor monitor) throws Unavailable, InterruptedException;

  /** The monitor is gone: its checks stop now. Does nothing when it is not known. */
  void forget(MonitorKey key);
}
