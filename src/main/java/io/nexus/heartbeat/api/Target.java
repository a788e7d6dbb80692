package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One thing that is watched. Exactly one of the kinds ({@code http}, {@code redis} …) is set. */
public record Target(
    String name,
    @Nullable Duration interval,
    @Nullable Duration timeout,
    boolean suspend,
    boolean optional,
    List<String> dependsOn,
    Integer failureThreshold,
    Integer successThreshold,
    List<Threshold> thresholds,
    List<Rung> repair,
    @Nullable HttpTarget http,
    @Nullable RedisTarget redis,
    @Nullable PostgresTarget postgres,
    @Nullable TcpTarget tcp) {

  public Target {
    dependsOn = List.copyOf(requireNonNullElse(dependsOn, List.of()));
    failureThreshold = requireNonNullElse(failureThreshold, 3);
    successThreshold = requireNonNullElse(successThreshold, 1);
    thresholds = List.copyOf(requireNonNullElse(thresholds, List.of()));
    repair = List.copyOf(requireNonNullElse(repair, List.of()));
  }

  /**
   * What is checked.
   *
   * @throws IllegalStateException when none or several kinds are set; the API server and {@code
   *     heartbeat validate} refuse such a target
   */
  @JsonIgnore
  public TargetKind kind() {
    var kinds =
        Stream.<@Nullable TargetKind>of(http, redis, postgres, tcp)
            .filter(Objects::nonNull)
            .toList();
    if (kinds.size() != 1) {
      throw new IllegalStateException(
          "target " + name + " sets " + kinds.size() + " kinds; exactly one is right");
    }
    return Objects.requireNonNull(kinds.getFirst());
  }

  /** The same target without patience: one reading decides. */
  public Target decidedByOne() {
    return new Target(
        name,
        interval,
        timeout,
        suspend,
        optional,
        dependsOn,
        1,
        1,
        thresholds,
        repair,
        http,
        redis,
        postgres,
        tcp);
  }
}
