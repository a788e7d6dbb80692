package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Told;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What each receiver knows of an incident against what is so. Not a queue: its size is bounded by
 * incidents times receivers, and it is in the same write as what it tells of.
 */
final class Ledger {
  private static final Set<Kind> FOR_PEOPLE =
      Set.of(
          Kind.Opened,
          Kind.Worsened,
          Kind.RepairHelped,
          Kind.RepairFailed,
          Kind.Exhausted,
          Kind.Notify,
          Kind.AwaitingApproval,
          Kind.Acknowledged,
          Kind.Reset,
          Kind.Resolved,
          Kind.Unwatched);

  private static final Set<Kind> OUTCOMES = Set.of(Kind.RepairHelped, Kind.RepairFailed);

  private Ledger() {}

  /** The incident, with what receivers were told meanwhile. Nobody ever knows less than before. */
  static Incident told(Incident incident, List<Told> news) {
    if (news.isEmpty()) {
      return incident;
    }
    var byReceiver = new LinkedHashMap<String, Told>();
    incident.told().forEach(told -> byReceiver.put(told.receiver(), told));
    for (var told : news) {
      byReceiver.merge(told.receiver(), told, (a, b) -> b.seq() > a.seq() ? b : a);
    }
    return incident.withTold(new ArrayList<>(byReceiver.values()));
  }

  static List<Incident> told(List<Incident> incidents, Map<String, List<Told>> news) {
    return incidents.stream().map(i -> told(i, news.getOrDefault(i.id(), List.of()))).toList();
  }

  /** What this receiver has yet to be told. */
  static Optional<Notice> due(
      String monitor, Incident incident, Receiver receiver, String remedy, Choices choices) {
    var told =
        incident.told().stream().filter(t -> t.receiver().equals(receiver.name())).findFirst();
    var known = told.map(Told::seq).orElse(0);
    var concerned =
        incident.story().stream().anyMatch(h -> h.level().isAtLeast(receiver.minimumLevel()));
    if (!concerned) {
      return Optional.empty();
    }
    var news =
        upToAnOutcome(
            known > 0,
            incident.story().stream().filter(h -> h.seq() > known && isFor(receiver, h)).toList());
    if (news.isEmpty()) {
      return Optional.empty();
    }
    var last = news.getLast();
    return Optional.of(
        new Notice(
            monitor,
            receiver.name(),
            incident.id(),
            incident.target(),
            last.kind() == Kind.RepairHelped ? last.level() : incident.level(),
            incident.cause(),
            remedy,
            incident.openedAt(),
            last.kind() == Kind.Resolved ? incident.resolvedAt() : null,
            news,
            told.map(Told::messageId).orElse(null),
            choices));
  }

  /** A repair's outcome is a message of its own, but not for who knows nothing of it yet. */
  private static List<Happening> upToAnOutcome(boolean knowsOfIt, List<Happening> news) {
    for (var i = 0; knowsOfIt && i < news.size(); i++) {
      if (OUTCOMES.contains(news.get(i).kind())) {
        return news.subList(0, isLastStraw(news, i) ? i + 2 : i + 1);
      }
    }
    return news;
  }

  /** The repair that did not help was the last: that is one piece of news. */
  private static boolean isLastStraw(List<Happening> news, int failed) {
    return failed + 1 < news.size()
        && news.get(failed + 1).kind() == Kind.Exhausted
        && news.get(failed + 1).at().equals(news.get(failed).at());
  }

  private static boolean isFor(Receiver receiver, Happening happening) {
    return receiver.events() != null || FOR_PEOPLE.contains(happening.kind());
  }
}
