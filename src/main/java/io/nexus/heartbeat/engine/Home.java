package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.check.Surroundings;
import java.util.List;
import java.util.Optional;

/** What differs between a cluster and a host without one. */
public interface Home {

  StatusStore statuses();

  /** Whoever does what is planned. */
  Actor actor();

  /** What is spent before anything is done, by all monitors together. */
  SharedBudget budget();

  /** Why this machine's clock is not to be relied upon; empty: it is, or there is none better. */
  default Optional<String> clockTrouble() throws InterruptedException {
    return Optional.empty();
  }

  /**
   * What of that which Heartbeat itself stands on does not work. It is asked only when much fails
   * at once.
   */
  default Optional<String> ownTrouble() throws InterruptedException {
    return Optional.empty();
  }

  /** Who of several processes asks for presses of buttons. */
  default Claims claims() {
    return Claims.ALONE;
  }

  /** What the checks of this monitor reach the world by. */
  Surroundings surroundings(MonitorKey monitor);

  /**
   * What came of an order, which is in the status already: for people who look elsewhere. It must
   * not wait.
   */
  default void ordered(MonitorKey monitor, Handled order) {}

  /** Receivers that every monitor has without naming them, such as Kubernetes Events. */
  List<Receiver> standingReceivers();

  /** The channel behind a receiver of this monitor, with its secrets as they are now. */
  Channel channel(MonitorKey monitor, Receiver receiver);
}
