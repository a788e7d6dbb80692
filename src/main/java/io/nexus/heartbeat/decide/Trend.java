package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.decide.Forecast.Sample;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.reading.Rise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What was seen of the one measurement of a target that rises towards a limit, over the last hours:
 * at most {@value #MOST} samples, the older the sparser. In memory only; another process begins
 * anew.
 */
record Trend(List<Sample> samples) {
  static final int MOST = 60;
  static final Duration LONGEST = Duration.ofHours(3);

  /** How many standard deviations around its line a measurement moves by itself. */
  private static final int NOISE = 6;

  static final Trend NONE = new Trend(List.of());

  /** How long until the limit is reached, in minutes; absent where that cannot be foretold. */
  static final String MINUTES_LEFT = "minutesLeft";

  Trend {
    samples = List.copyOf(samples);
  }

  /** With what was just observed, if it is of something that rises. */
  Trend next(Observation observation) {
    return measured(observation.reading())
        .flatMap(
            measured ->
                Optional.ofNullable(measured.rise())
                    .map(rise -> next(rise, measured, observation.finished())))
        .orElse(this);
  }

  private Trend next(Rise rise, Measurements measured, Instant at) {
    var value = measured.number(rise.measurement());
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? with(new Sample(at, value.getAsDouble()), rise.since())
        : this;
  }

  private Trend with(Sample sample, Instant since) {
    var begin = later(since, sample.at().minus(LONGEST));
    var kept = new ArrayList<Sample>();
    for (var old : samples) {
      if (!old.at().isBefore(begin) && old.at().isBefore(sample.at())) {
        kept.add(old);
      }
    }
    if (hasBegunAnew(kept, sample)) {
      kept.clear();
    }
    // The newest is always the last; the one before it goes when it is too close to the one before.
    if (kept.size() > 1 && isCloseBehind(kept, sample)) {
      kept.removeLast();
    }
    kept.add(sample);
    return new Trend(kept.size() > MOST ? everyOther(kept) : kept);
  }

  /** Fallen far in the range it moved in, as by a cleanup, and further than by its noise. */
  private static boolean hasBegunAnew(List<Sample> samples, Sample next) {
    if (samples.isEmpty()) {
      return false;
    }
    var all = samples.stream().mapToDouble(Sample::value).summaryStatistics();
    var range = all.getMax() - all.getMin();
    if (samples.size() < Forecast.FEWEST) {
      return next.value() < all.getMin() - range; // of so few the range is that of the noise
    }
    var line = Line.through(samples);
    return next.value() < all.getMin() + range / 2
        && next.value() < line.at(next.at()) - NOISE * line.spread();
  }

  private static boolean isCloseBehind(List<Sample> samples, Sample sample) {
    var span = Duration.between(samples.getFirst().at(), sample.at());
    var sincePrevious = Duration.between(samples.get(samples.size() - 2).at(), sample.at());
    return sincePrevious.compareTo(span.dividedBy(MOST / 2)) < 0;
  }

  private static List<Sample> everyOther(List<Sample> samples) {
    var last = samples.size() - 1;
    return IntStream.rangeClosed(0, last)
        .filter(i -> (last - i) % 2 == 0)
        .mapToObj(samples::get)
        .toList();
  }

  /** The reading that this trend ends with, and what it foretells. */
  Reading foretold(Reading reading) {
    return switch (reading) {
      case Reading.Up(var measured) -> new Reading.Up(foretold(measured));
      case Reading.Impaired(var cause, var measured, var starting) ->
          new Reading.Impaired(cause, foretold(measured), starting);
      case Reading.Judged(var found, var condition) ->
          new Reading.Judged(foretold(found), condition);
      case Reading.Down _, Reading.Unknown _ -> reading;
    };
  }

  private Measurements foretold(Measurements measured) {
    var rise = measured.rise();
    if (rise == null) {
      return measured;
    }
    if (samples.isEmpty() || measured.number(rise.measurement()).isEmpty()) {
      return measured.without(MINUTES_LEFT, rise.measurement() + " is not measured");
    }
    var left = Forecast.of(samples, rise.limit());
    if (left.isEmpty()) {
      var why =
          Forecast.isSeenEnough(samples) ? " does not clearly rise" : " was not seen long enough";
      return measured.without(MINUTES_LEFT, rise.measurement() + why);
    }
    return isBefore(samples.getLast().at(), left.get(), rise.until())
        ? measured.with(MINUTES_LEFT, left.get().toMinutes())
        : measured.without(MINUTES_LEFT, "the limit is not reached before it begins anew");
  }

  private static boolean isBefore(Instant from, Duration after, Instant end) {
    return after.compareTo(Duration.between(from, end)) < 0;
  }

  private static Optional<Measurements> measured(Reading reading) {
    return switch (reading) {
      case Reading.Up(var measured) -> Optional.of(measured);
      case Reading.Impaired(var _, var measured, var _) -> Optional.of(measured);
      case Reading.Judged(var found, var _) -> measured(found);
      case Reading.Down _, Reading.Unknown _ -> Optional.empty();
    };
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
