package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What the masters of a cluster tell of themselves, each Up or Impaired, as one.
 *
 * @param missing how many more there are, of which nothing is known
 */
record ClusterMasters(SequencedMap<RedisAddress, Reading> readings, int missing) {
  private static final List<String> SUMS = List.of("memoryBytes", "memoryLimitBytes", "clients");

  private static final List<String> MOST = List.of("latency", "memoryPercent");

  /**
   * Sums; of latency the slowest; of the percentage the fullest, which is named, for it refuses
   * writes while the others have room. Of some of the masters they would be too low, and a
   * threshold would clear as things get worse.
   */
  Measurements measured() {
    var all =
        Measurements.NONE.without("replicationLag", "the replicas of a cluster are not asked");
    if (missing > 0) {
      var why =
          missing == 1 ? "1 master could not be asked" : missing + " masters could not be asked";
      for (var name : Stream.concat(SUMS.stream(), MOST.stream()).toList()) {
        all = all.without(name, why);
      }
      return all;
    }
    for (var one : readings.entrySet()) {
      var measured = measured(one.getValue());
      var latency = measured.number("latency");
      if (latency.isPresent()) {
        all = all.with("latency", Math.max(latency.getAsDouble(), all.number("latency").orElse(0)));
      }
      var percent = measured.number("memoryPercent");
      if (percent.isPresent() && percent.getAsDouble() > all.number("memoryPercent").orElse(-1)) {
        all = all.with("memoryPercent", percent.getAsDouble()).with("fullest", one.getKey() + "");
      }
      if (measured.words().get("version") instanceof String version) {
        all = all.with("version", version);
      }
    }
    if (all.number("memoryPercent").isEmpty()) {
      all = all.without("memoryPercent", why("memoryPercent"));
    }
    for (var name : SUMS) {
      var known = readings.values().stream().filter(one -> has(one, name)).toList();
      all =
          known.isEmpty() || known.size() < readings.size()
              ? all.without(name, why(name))
              : all.with(
                  name,
                  known.stream().mapToDouble(one -> measured(one).number(name).orElse(0)).sum());
    }
    return all;
  }

  /** The first that does not tell it, and its reason. */
  private String why(String name) {
    return readings.entrySet().stream()
        .filter(one -> !has(one.getValue(), name))
        .findFirst()
        .map(
            one ->
                one.getKey()
                    + ": "
                    + measured(one.getValue()).absent().getOrDefault(name, "INFO does not tell it"))
        .orElse("no master could be asked");
  }

  private static boolean has(Reading reading, String name) {
    return measured(reading).number(name).isPresent();
  }

  private static Measurements measured(Reading reading) {
    return switch (reading) {
      case Reading.Up(var measured) -> measured;
      case Reading.Impaired(_, var measured, _) -> measured;
      case Reading.Down _, Reading.Unknown _, Reading.Judged _ -> Measurements.NONE;
    };
  }
}
