package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Share;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * The master that sentinels name, and they themselves.
 *
 * @param name of the master, as they know it
 * @param sentinel the way into one of them
 * @param server the way into the master
 */
record RedisSentinels(
    List<RedisAddress> addresses, String name, RedisPeer.At sentinel, RedisPeer.At server) {

  /** All are asked, as each may be the one that has not heard; a mute one costs half the time. */
  Reading run(Deadline deadline) throws InterruptedException {
    var answers =
        RedisAnswers.of(
            addresses.stream().map(sentinel::peer).toList(),
            Share.half(deadline),
            talk -> SentinelView.of(talk, name));
    var measured =
        Measurements.NONE
            .with("sentinels", addresses.size())
            .with("sentinelsDown", answers.down().size());
    if (answers.said().isEmpty()) {
      return answers.nothingSaid("no sentinel can be asked", "sentinels", measured);
    }
    var votes = votes(answers.said());
    if (votes.isEmpty()) {
      return answers.cannotBeTold().orElseGet(() -> noSuchMaster(answers.said()));
    }
    var master =
        votes.entrySet().stream()
            .max(Comparator.comparingInt(Map.Entry::getValue))
            .orElseThrow()
            .getKey();
    var found = RedisCheck.look(server.peer(master), deadline);
    var of = untold(answers.said(), measured.with("master", master.toString()));
    return together(master, found, of, answers, troubles(answers, votes));
  }

  /** In the order of the url, the first of which decides when as many say one thing as another. */
  private static SequencedMap<RedisAddress, Integer> votes(
      SequencedMap<RedisAddress, SentinelView> said) {
    var votes = new LinkedHashMap<RedisAddress, Integer>();
    said.values()
        .forEach(view -> view.master().ifPresent(master -> votes.merge(master, 1, Integer::sum)));
    return votes;
  }

  private Reading noSuchMaster(SequencedMap<RedisAddress, SentinelView> said) {
    var known =
        said.values().stream()
            .flatMap(view -> view.known().stream())
            .distinct()
            .collect(Collectors.joining(", "));
    return new Reading.Unknown(
        "the sentinels know no master named '%s': %s"
            .formatted(name, known.isEmpty() ? "they watch none" : "they watch " + known));
  }

  /** A user that may not ask for the quorum is nothing that ails the master. */
  private static Measurements untold(
      SequencedMap<RedisAddress, SentinelView> said, Measurements measured) {
    return said.entrySet().stream()
        .filter(one -> !one.getValue().untold().isEmpty())
        .findFirst()
        .map(
            one ->
                measured.with(
                    "quorum", "not told: " + one.getKey() + ": " + one.getValue().untold()))
        .orElse(measured);
  }

  private List<String> troubles(
      RedisAnswers<SentinelView> answers, SequencedMap<RedisAddress, Integer> votes) {
    var troubles = new ArrayList<String>();
    answers.someDown("sentinels").ifPresent(troubles::add);
    answers.firstImpaired().ifPresent(troubles::add);
    if (votes.size() > 1) {
      troubles.add(
          votes.entrySet().stream()
              .map(
                  one -> one.getValue() + (one.getValue() == 1 ? " says " : " say ") + one.getKey())
              .collect(Collectors.joining(", ", "sentinels disagree where the master is: ", "")));
    }
    for (var one : answers.said().entrySet()) {
      if (one.getValue().master().isEmpty()) {
        troubles.add(one.getKey() + " knows no master named '" + name + "'");
        break;
      }
    }
    for (var one : answers.said().entrySet()) {
      if (!one.getValue().noQuorum().isEmpty()) {
        troubles.add("no failover is possible: " + one.getValue().noQuorum());
        break;
      }
    }
    return troubles;
  }

  private static Reading together(
      RedisAddress master,
      Reading found,
      Measurements measured,
      RedisAnswers<SentinelView> answers,
      List<String> troubles) {
    return switch (found) {
      case Reading.Down(var cause, var of) ->
          new Reading.Down(
              "master " + master + ", as its sentinels say, is down: " + cause, measured.and(of));
      case Reading.Unknown(var why) -> new Reading.Unknown("master " + master + ": " + why);
      case Reading.Judged _ -> throw new IllegalArgumentException("nothing is judged here");
      case Reading.Impaired(var cause, var of, var starting) ->
          isReplica(of)
              ? failover(master, measured.and(of))
              : worse("master " + master + ": " + cause, measured.and(of), starting, troubles);
      case Reading.Up(var of) -> {
        if (isReplica(of)) {
          yield failover(master, measured.and(of));
        }
        yield answers
            .cannotBeTold()
            .orElseGet(
                () ->
                    troubles.isEmpty()
                        ? new Reading.Up(measured.and(of))
                        : worse("", measured.and(of), false, troubles));
      }
    };
  }

  private static boolean isReplica(Measurements measured) {
    return "replica".equals(measured.words().get("role"));
  }

  /** It ends by itself; a repair in the middle of it would be the second fault. */
  private static Reading failover(RedisAddress announced, Measurements measured) {
    return new Reading.Impaired(
        "failover in progress: the sentinels name %s as master, which says that it is a replica"
            .formatted(announced),
        measured,
        true);
  }

  private static Reading worse(
      String first, Measurements measured, boolean starting, List<String> troubles) {
    var causes = new ArrayList<String>();
    if (!first.isEmpty()) {
      causes.add(first);
    }
    causes.addAll(troubles);
    return new Reading.Impaired(String.join("; ", causes), measured, starting);
  }
}
