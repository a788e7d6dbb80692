package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.check.Surroundings;
import java.util.List;

/** What differs between a cluster and a host without one. */
public interface Home {

  StatusStore statuses();

  /** Whoever does what is planned. */
  Actor actor();

  /** What the checks of this monitor reach the world by. */
  Surroundings surroundings(MonitorKey monitor);

  /** Receivers that every monitor has without naming them, such as Kubernetes Events. */
  List<Receiver> standingReceivers();

  /** The channel behind a receiver of this monitor, with its secrets as they are now. */
  Channel channel(MonitorKey monitor, Receiver receiver);
}
