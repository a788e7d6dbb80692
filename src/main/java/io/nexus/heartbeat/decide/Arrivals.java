package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.MonitorState.Pushed;
import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Heartbeats that must arrive: what is remembered of them, and what it means. */
public final class Arrivals {
  private Arrivals() {}

  public static Optional<Pushed> of(String target, List<Pushed> known) {
    return known.stream().filter(pushed -> pushed.target().equals(target)).findFirst();
  }

  /** Nothing has been heard of it yet. */
  public static Pushed awaited(String target, Instant now) {
    return new Pushed(target, now, null, null, true, null, null, now, Duration.ZERO);
  }

  /**
   * The list with what was just heard of one target.
   *
   * @param before what was known of it
   */
  public static List<Pushed> with(List<Pushed> known, Pushed before, Signal signal, Instant now) {
    var all = new ArrayList<>(known);
    all.removeIf(pushed -> pushed.target().equals(before.target()));
    all.add(heard(before, signal, now.truncatedTo(ChronoUnit.MILLIS)));
    return List.copyOf(all);
  }

  private static Pushed heard(Pushed before, Signal signal, Instant now) {
    return switch (signal) {
      case Signal.Start _ ->
          new Pushed(
              before.target(),
              before.awaitedSince(),
              now,
              before.endedAt(),
              before.well(),
              before.exitCode(),
              before.took(),
              before.heardUntil(),
              before.away());
      case Signal.End(var well, var exitCode) -> {
        var startedAt = before.startedAt();
        var took =
            startedAt == null || startedAt.isAfter(now) ? null : Duration.between(startedAt, now);
        yield new Pushed(
            before.target(),
            before.awaitedSince(),
            null,
            now,
            well,
            exitCode,
            took,
            now,
            Duration.ZERO);
      }
    };
  }

  /**
   * The same, when nobody listened from when it was last known to be so until this process began.
   * What came in between was lost, so it is waited for as much longer.
   */
  public static Pushed listened(Pushed pushed, Instant since, Instant now) {
    var away =
        pushed.heardUntil().isBefore(since)
            ? pushed.away().plus(Duration.between(pushed.heardUntil(), since))
            : pushed.away();
    return new Pushed(
        pushed.target(),
        pushed.awaitedSince(),
        pushed.startedAt(),
        pushed.endedAt(),
        pushed.well(),
        pushed.exitCode(),
        pushed.took(),
        now,
        away);
  }

  /** Of each target of that kind; what is no longer declared is forgotten. */
  static List<Pushed> carried(Situation situation) {
    var known = situation.prior().state().pushes();
    return situation.spec().targets().stream()
        .filter(target -> target.push() != null)
        .map(
            target ->
                listened(
                    of(target.name(), known)
                        .orElseGet(() -> awaited(target.name(), situation.now())),
                    situation.listeningSince(),
                    situation.now()))
        .toList();
  }

  /** In moments, not in how long ago: a message stands in the status for minutes. */
  public static Reading judged(PushTarget declared, Pushed pushed, Instant now) {
    var endedAt = pushed.endedAt();
    var due =
        (endedAt == null ? pushed.awaitedSince() : endedAt)
            .plus(declared.every())
            .plus(declared.grace())
            .plus(pushed.away());
    var late = now.isAfter(due);
    if (endedAt == null) {
      return late
          ? new Reading.Down(
              "nothing has ever arrived, awaited since "
                  + Words.of(pushed.awaitedSince())
                  + patience(declared, pushed)
                  + running(pushed),
              Measurements.NONE)
          : new Reading.Unknown(
              "nothing has arrived yet; the first is awaited until " + Words.of(due));
    }
    var measured = measured(pushed, endedAt, now);
    if (!pushed.well()) {
      var code = pushed.exitCode();
      return new Reading.Down(
          (code == null ? "it reported a failure" : "it ended with exit code " + code)
              + " at "
              + Words.of(endedAt)
              + running(pushed),
          measured);
    }
    if (late) {
      return new Reading.Down(
          "late: it last ended at "
              + Words.of(endedAt)
              + patience(declared, pushed)
              + running(pushed),
          measured);
    }
    return new Reading.Up(
        pushed.startedAt() == null
            ? measured
            : measured.with("note", "running since " + Words.of(pushed.startedAt())));
  }

  private static Measurements measured(Pushed pushed, Instant endedAt, Instant now) {
    var age = Math.max(0, Duration.between(endedAt, now).toMillis()); // a clock may be set back
    var measured = Measurements.NONE.with("age", age / 1e3);
    return pushed.took() == null
        ? measured.without("duration", "it did not say when it started")
        : measured.with("duration", pushed.took().toMillis() / 1e3);
  }

  private static String patience(PushTarget declared, Pushed pushed) {
    return ", and should every "
        + Words.of(declared.every())
        + " with "
        + Words.of(declared.grace())
        + " of grace"
        + (pushed.away().compareTo(Duration.ofSeconds(1)) < 0
            ? ""
            : " (and " + Words.of(pushed.away()) + " in which Heartbeat was away)");
  }

  private static String running(Pushed pushed) {
    var startedAt = pushed.startedAt();
    return startedAt == null ? "" : "; started at " + Words.of(startedAt) + " and not ended";
  }
}
