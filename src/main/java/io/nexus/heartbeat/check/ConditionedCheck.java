package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.When;
import io.nexus.heartbeat.api.expression.BadExpression;
import io.nexus.heartbeat.check.Conditions.Outcome;
import io.nexus.heartbeat.check.Evaluations.Stop;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A check, and what the monitor's own conditions say of what it found. */
record ConditionedCheck(
    Check check, TargetKind kind, Conditions conditions, Evaluations evaluations) implements Check {
  /** After a check that took nearly all its time; a condition needs some microseconds. */
  private static final Duration LEAST = Duration.ofMillis(50);

  /** A condition that means nothing is a mistake of set-up, whatever the target is like. */
  static Check of(Check check, When when, TargetKind kind, Evaluations evaluations) {
    try {
      return new ConditionedCheck(check, kind, new Conditions(when, kind), evaluations);
    } catch (BadExpression e) {
      var why = "when: " + e.getMessage();
      return _ -> new Reading.Unknown(why);
    }
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    var answers = new ConcurrentLinkedQueue<Answer>();
    var begun = System.nanoTime();
    var found =
        check instanceof Answering answering
            ? answering.run(deadline, answers::add)
            : check.run(deadline);
    var took = Duration.ofNanos(System.nanoTime() - begun);
    if (check instanceof Answering && answers.isEmpty()) {
      return found; // such as rate limited: nothing was answered that could be asked about
    }
    return switch (found) {
      case Reading.Up(var measured) ->
          judged(found, deadline, stop -> worst(true, took, measured, answers, stop));
      case Reading.Impaired(_, var measured, _) ->
          judged(found, deadline, stop -> worst(false, took, measured, answers, stop));
      default -> found;
    };
  }

  private Reading judged(Reading found, Deadline deadline, Function<Stop, Outcome> evaluation)
      throws InterruptedException {
    Outcome outcome;
    try {
      var left = deadline.remaining();
      outcome = evaluations.within(left.compareTo(LEAST) < 0 ? LEAST : left, evaluation);
    } catch (TimeoutException _) {
      outcome = new Outcome.Untold("when takes too long to evaluate; make it simpler");
    }
    return switch (outcome) {
      case Outcome.Well _ -> found;
      case Outcome.True(var critical, var words) ->
          new Reading.Judged(
              found,
              critical
                  ? new Reading.Down(words, Measurements.NONE)
                  : new Reading.Impaired(words, Measurements.NONE, false));
      // What is impaired has its reason, and often measures less.
      case Outcome.Untold(var why) ->
          found instanceof Reading.Impaired
              ? found
              : new Reading.Judged(found, new Reading.Unknown(why));
    };
  }

  private Outcome worst(
      boolean up, Duration took, Measurements measured, Collection<Answer> answers, Stop stop) {
    if (answers.isEmpty()) {
      return conditions.of(facts(up, took, measured, null), stop);
    }
    return answers.stream()
        .sorted(Comparator.comparing(Answer::from))
        .map(
            answer ->
                named(
                    answers.size() == 1 ? "" : answer.from(),
                    conditions.of(facts(up, answer.took(), measured, answer), stop)))
        .max(Comparator.comparing(ConditionedCheck::badness))
        .orElseGet(Outcome.Well::new);
  }

  private Facts facts(boolean up, Duration took, Measurements measured, @Nullable Answer answer) {
    return new Facts(
        up, took, measured, kind.measurements(), answer == null ? null : answer.response());
  }

  private static Outcome named(String endpoint, Outcome outcome) {
    return endpoint.isEmpty()
        ? outcome
        : switch (outcome) {
          case Outcome.Well _ -> outcome;
          case Outcome.True(var critical, var words) ->
              new Outcome.True(critical, "pod " + endpoint + ": " + words);
          case Outcome.Untold(var why) -> new Outcome.Untold("pod " + endpoint + ": " + why);
        };
  }

  private static int badness(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Well _ -> 0;
      case Outcome.True(var critical, _) -> critical ? 3 : 1;
      case Outcome.Untold _ -> 2;
    };
  }
}
