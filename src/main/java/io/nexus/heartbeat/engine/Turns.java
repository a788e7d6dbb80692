package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.time.Instant;

/** Gives monitors their turns: what a reconciler needs of the engine. */
public interface Turns {
  /**
   * One turn for one monitor: sync the schedule, decide, persist, perform, tell.
   *
   * @return when to look next
   * @throws StatusStore.Unavailable the status cannot be stored now
   */
  Instant turn(HeartbeatMonitor monitor) throws StatusStore.Unavailable, InterruptedException;

  /** The monitor is gone: its checks stop now. Does nothing when it is not known. */
  void forget(MonitorKey key);
}
