package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.check.Place;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.engine.Home;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.SharedBudget;
import io.nexus.heartbeat.engine.StatusStore;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A host without Kubernetes.
 *
 * @param actor {@link Actor#NONE}, but for the demo, which simulates one
 * @param budget of all monitors of this host
 * @param channels for a namespace and a receiver of a monitor there
 */
public record HostHome(
    StatusStore statuses,
    Actor actor,
    SharedBudget budget,
    Surroundings surroundings,
    BiFunction<String, Receiver, Channel> channels)
    implements Home {

  /** Of a process that need not remember what it spent. */
  public HostHome(
      StatusStore statuses,
      Actor actor,
      Surroundings surroundings,
      BiFunction<String, Receiver, Channel> channels) {
    this(
        statuses,
        actor,
        SharedBudget.ofThisProcess(Shares.DEFAULT, InstantSource.system()),
        surroundings,
        channels);
  }

  @Override
  public Surroundings surroundings(MonitorKey monitor) {
    return surroundings.at(new Place.Host(monitor.namespace()));
  }

  @Override
  public List<Receiver> standingReceivers() {
    return List.of(); // the log has every transition anyway
  }

  @Override
  public Channel channel(MonitorKey monitor, Receiver receiver) {
    return channels.apply(monitor.namespace(), receiver);
  }
}
