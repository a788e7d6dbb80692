package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.OrderBook;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.decide.Decision;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What changed with a write, as log lines: one for each happening that is new. */
final class Transitions {
  private static final Logger log = LoggerFactory.getLogger(Transitions.class);

  private Transitions() {}

  static void log(MonitorKey key, MonitorStatus before, Decision decision) {
    var after = decision.status();
    if (before.level() != after.level()) {
      log.atInfo()
          .addKeyValue("monitor", key)
          .addKeyValue("level", after.level())
          .log(
              "{}: {} → {}{}",
              key,
              before.level(),
              after.level(),
              after.message().isEmpty() ? "" : ", " + after.message());
    }
    logActions(key, before, after);
    logOrders(key, before.state().orders(), after.state().orders());
    var known = new HashSet<String>();
    before.state().incidents().forEach(i -> i.story().forEach(h -> known.add(i.id() + h.seq())));
    var incidents = Stream.concat(after.state().incidents().stream(), decision.over().stream());
    for (var incident : incidents.toList()) {
      for (var happening : incident.story()) {
        if (!known.contains(incident.id() + happening.seq())) {
          log.atLevel(severity(happening))
              .addKeyValue("monitor", key)
              .addKeyValue("target", incident.target())
              .addKeyValue("incident", incident.id())
              .addKeyValue("happening", happening.kind())
              .log("{} {}: {}: {}", key, incident.target(), happening.kind(), happening.text());
        }
      }
    }
  }

  /** The record of each act whose outcome is now known. */
  private static void logActions(MonitorKey key, MonitorStatus before, MonitorStatus after) {
    for (var act : after.actions()) {
      if (act.outcome() != ActionRecord.Outcome.Underway && !before.actions().contains(act)) {
        log.atInfo()
            .addKeyValue("monitor", key)
            .addKeyValue("target", act.target())
            .addKeyValue("incident", act.incident())
            .addKeyValue("action", act.id())
            .addKeyValue("decidedBy", act.decidedBy())
            .addKeyValue("gates", act.gates())
            .addKeyValue("before", act.before())
            .addKeyValue("effect", act.effect())
            .addKeyValue("after", act.after())
            .addKeyValue("plannedAt", act.plannedAt())
            .addKeyValue("doneAt", act.doneAt())
            .addKeyValue("endedAt", act.endedAt())
            .addKeyValue("outcome", act.outcome())
            .log("{} {}: {}: {}", key, act.target(), act.action(), act.outcome());
      }
    }
  }

  /** What was ordered since, and what came of it. */
  static List<Handled> orders(MonitorStatus before, MonitorStatus after) {
    return orders(before.state().orders(), after.state().orders());
  }

  private static List<Handled> orders(OrderBook before, OrderBook after) {
    return after.all().stream().filter(handled -> !before.all().contains(handled)).toList();
  }

  private static void logOrders(MonitorKey key, OrderBook before, OrderBook after) {
    for (var handled : orders(before, after)) {
      log.atLevel(handled.outcome() == Outcome.Taken ? Level.INFO : Level.WARN)
          .addKeyValue("monitor", key)
          .addKeyValue("order", handled.order().word())
          .addKeyValue("by", handled.by())
          .addKeyValue("outcome", handled.outcome())
          .log("{}: {}, by {}: {}", key, handled.order().word(), handled.by(), handled.message());
    }
    if (before.pause() != null && after.pause() == null) {
      log.info("{}: repair is not paused any more", key);
    }
  }

  /** What opens or worsens an incident, or leaves it to a person, is as severe as the target is. */
  private static Level severity(Happening happening) {
    return switch (happening.kind()) {
      case Opened, Worsened, RepairFailed, Exhausted, Notify, AwaitingApproval ->
          switch (happening.level()) {
            case Critical -> Level.ERROR;
            case Degraded, Unknown -> Level.WARN;
            case Healthy -> Level.INFO;
          };
      case Unwatched -> Level.WARN;
      case Improved, Blocked, Planned, RepairHelped, Resolved, Acknowledged, Reset -> Level.INFO;
    };
  }
}
