package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.alert.Delivery;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.decide.TellResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is told of a monitor, and what came of telling them. */
final class Receivers {
  private Receivers() {}

  /**
   * Those of the spec and the standing ones. Whoever writes {@code events} means the standing
   * receiver of that kind, by whatever name, and sets its level.
   */
  static List<Receiver> of(MonitorSpec spec, List<Receiver> standing) {
    var receivers = new ArrayList<>(spec.alerts().receivers());
    for (var receiver : standing) {
      var isMeant =
          receiver.events() == null
              ? receivers.stream().anyMatch(r -> r.name().equals(receiver.name()))
              : receivers.stream().anyMatch(r -> r.events() != null);
      if (!isMeant) {
        receivers.add(receiver);
      }
    }
    return receivers;
  }

  static Optional<Receiver> named(String name, MonitorSpec spec, List<Receiver> standing) {
    return of(spec, standing).stream().filter(it -> it.name().equals(name)).findFirst();
  }

  /** In the words of who decides. */
  static List<TellResult> results(List<Delivery> news) {
    return news.stream().map(Receivers::result).toList();
  }

  private static TellResult result(Delivery delivery) {
    return switch (delivery) {
      case Delivery.Delivered it -> new TellResult.Delivered(it.receiver());
      case Delivery.Delayed it -> new TellResult.Delayed(it.receiver(), it.why());
      case Delivery.Dead it -> new TellResult.Refused(it.receiver(), it.why());
    };
  }
}
