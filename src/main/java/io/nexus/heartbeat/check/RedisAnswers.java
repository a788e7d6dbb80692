package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Share;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What several servers answered to one question, which is put to some of them at a time.
 *
 * @param said of those that answered
 * @param impaired those that are there and cannot answer yet, or no more of us
 * @param down what keeps the others from it
 * @param unknown why it cannot be told of the rest
 */
record RedisAnswers<T>(
    SequencedMap<RedisAddress, T> said,
    SequencedMap<RedisAddress, Reading.Impaired> impaired,
    SequencedMap<RedisAddress, String> down,
    SequencedMap<RedisAddress, String> unknown) {
  /** Each costs a connection and room for its answer. */
  private static final int AT_A_TIME = 8;

  static <T> RedisAnswers<T> of(
      List<RedisPeer> peers, Deadline deadline, RedisPeer.Question<T> question)
      throws InterruptedException {
    record Asked<T>(RedisAddress address, Future<T> answer) {}
    var all =
        new RedisAnswers<T>(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    var threads = Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory());
    var waiting = new AtomicInteger(peers.size());
    try {
      var asked = new ArrayList<Asked<T>>(peers.size());
      for (var peer : peers) {
        asked.add(
            new Asked<>(
                peer.address(),
                threads.submit(() -> peer.ask(share(deadline, waiting), question))));
      }
      for (var one : asked) {
        try {
          all.said.put(one.address(), one.answer().get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof RedisFailed failed)) {
            throw new IllegalStateException(e.getCause());
          }
          all.not(one.address(), failed.reading());
        }
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Those that are mute must leave time for those whose turn comes after them. */
  private static Deadline share(Deadline deadline, AtomicInteger waiting) {
    var turns = Math.ceilDiv(waiting.getAndDecrement(), AT_A_TIME);
    return turns == 1 ? deadline : Share.of(deadline, turns);
  }

  private void not(RedisAddress address, Reading reading) {
    switch (reading) {
      case Reading.Down(var cause, _) -> down.put(address, cause);
      case Reading.Impaired it -> impaired.put(address, it);
      case Reading.Unknown(var why) -> unknown.put(address, why);
      case Reading.Up _, Reading.Judged _ ->
          throw new IllegalArgumentException("a failure is never well");
    }
  }

  /** The first that needs mending by a person. */
  Optional<Reading> cannotBeTold() {
    return unknown.entrySet().stream()
        .findFirst()
        .map(one -> new Reading.Unknown(one.getKey() + ": " + one.getValue()));
  }

  /**
   * What is so when nobody answered: that it cannot be told, that they are down, or else that they
   * will answer when they are well again.
   *
   * @param none of whom there is none, such as {@code no sentinel can be asked}
   */
  Reading nothingSaid(String none, String what, Measurements measured) {
    return cannotBeTold()
        .orElseGet(
            () ->
                someDown(what)
                    .<Reading>map(some -> new Reading.Down(none + ": " + some, measured))
                    .orElseGet(
                        () ->
                            new Reading.Impaired(
                                none + ": " + firstImpaired().orElse(""), measured, starting())));
  }

  /** {@code s2:26379: max number of clients reached}. */
  Optional<String> firstImpaired() {
    return impaired.entrySet().stream()
        .findFirst()
        .map(one -> one.getKey() + ": " + one.getValue().cause());
  }

  /** Whether one of those that could not answer will do so by itself. */
  boolean starting() {
    return impaired.values().stream().anyMatch(Reading.Impaired::starting);
  }

  /** {@code 1 of 3 sentinels down: s2:26379: connection refused}. */
  Optional<String> someDown(String what) {
    var all = said.size() + impaired.size() + down.size() + unknown.size();
    return down.entrySet().stream()
        .findFirst()
        .map(
            first ->
                "%d of %d %s down: %s: %s%s"
                    .formatted(
                        down.size(),
                        all,
                        what,
                        first.getKey(),
                        first.getValue(),
                        down.size() == 1 ? "" : " …"));
  }
}
