package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.engine.MonitorKey;
import java.util.List;
import java.util.Optional;

/** Where monitors are looked at and orders given: a cluster, or the state directory of a host. */
interface Desk extends AutoCloseable {

  /**
   * All there are within sight, sorted.
   *
   * @throws Failure they cannot be read
   */
  List<HeartbeatMonitor> monitors();

  /**
   * @throws Failure it cannot be read
   */
  Optional<HeartbeatMonitor> monitor(MonitorKey key);

  /** Where a monitor is that is named without its namespace. */
  String namespace();

  /** Who we are, in the words of that place. */
  String who();

  /**
   * @throws Failure it cannot be given
   */
  void give(MonitorKey key, Order order, String text);

  /** That nobody is there now, where that is known. */
  Optional<String> asleep();

  /** What to type after a command so that it is this desk again; empty: nothing. */
  String again();

  @Override
  void close();

  static MonitorStatus status(HeartbeatMonitor monitor) {
    return monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus();
  }
}
