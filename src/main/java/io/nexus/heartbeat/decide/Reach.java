package io.nexus.heartbeat.decide;

import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.MonitorState.Undelivered;
import io.nexus.heartbeat.api.MonitorState.Undelivered.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which receivers could not be told: at most one entry for each there is, until one gets through.
 */
final class Reach {
  private Reach() {}

  /**
   * @param due what is yet to be told: nobody is tried on who has nothing to be told
   */
  static List<Undelivered> of(Situation situation, List<Notice> due) {
    var byReceiver = new LinkedHashMap<String, Undelivered>();
    situation.prior().state().undelivered().forEach(u -> byReceiver.put(u.receiver(), u));
    for (var result : situation.tellings()) {
      switch (result) {
        case TellResult.Delivered(var receiver) -> byReceiver.remove(receiver);
        case TellResult.Delayed(var receiver, var why) ->
            note(byReceiver, situation, receiver, Problem.Retrying, why);
        case TellResult.Refused(var receiver, var why) ->
            note(byReceiver, situation, receiver, Problem.Refused, why);
      }
    }
    var present = situation.receivers().stream().map(Receiver::name).collect(toSet());
    var waiting = due.stream().map(Notice::receiver).collect(toSet());
    return byReceiver.values().stream()
        .filter(u -> present.contains(u.receiver()))
        .filter(u -> u.problem() == Problem.Refused || waiting.contains(u.receiver()))
        .toList();
  }

  private static void note(
      Map<String, Undelivered> byReceiver,
      Situation situation,
      String receiver,
      Problem problem,
      String why) {
    var before = byReceiver.get(receiver);
    var since = before != null && before.problem() == problem ? before.since() : situation.now();
    byReceiver.put(receiver, new Undelivered(receiver, problem, why, since));
  }
}
