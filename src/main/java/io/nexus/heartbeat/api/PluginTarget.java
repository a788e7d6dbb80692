package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A check of one's own: a program that says how well something is, by JSON or as monitoring plugins
 * do. Run every minute at most, by default every minute or at the monitor's interval where that is
 * longer, and given 30s or the monitor's timeout where that is longer, but 10m at most.
 *
 * @param fromCronJob A CronJob of the monitor's namespace, of whose template a Job is made for each
 *     run. It must carry the label heartbeat.nexus.io/plugin=allowed.
 * @param command A program of this machine by its whole path, and its arguments, at most 31 of
 *     them; run without a shell.
 * @param named Numbers that the plugin tells and that are kept as measurements, at most 20; others
 *     are not.
 */
@Wire
@ExactlyOne({"fromCronJob", "command"})
public record PluginTarget(
    @ClusterOnly @ObjectName @Nullable String fromCronJob,
    @HostOnly
        @Size(min = 1, max = 32) @ValidationRule(
            value = "self.size() == 0 || self[0].startsWith('/')",
            message = "command must begin with the program's whole path, such as /usr/bin/true")
        List<@Pattern("^[^\\x00]*$") @Size(max = 1024) String> command,
    @JsonProperty("measurements")
        @Size(max = 20) @ListSet
        @ValidationRule(
            value = "self.all(name, !(name in ['latency', 'note']))",
            message = "latency and note mean something else; give the measurement another name")
        List<@Pattern("^[a-z][a-zA-Z0-9_]*$") @Size(min = 1, max = 63) String> named)
    implements TargetKind {
  /** What is started costs more than what is asked. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofMinutes(1);

  /** A Job is to be scheduled, and its image pulled. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** As a rule of {@link Target} says of its own. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

  public PluginTarget {
    command = List.copyOf(requireNonNullElse(command, List.of()));
    named = List.copyOf(requireNonNullElse(named, List.of()));
  }

  @Override
  public Map<String, Unit> measurements() {
    return named.stream().distinct().collect(toUnmodifiableMap(name -> name, _ -> Unit.Any));
  }

  @Override
  public Duration interval(Duration ofMonitor) {
    return longer(SHORTEST_INTERVAL, ofMonitor);
  }

  @Override
  public Duration timeout(Duration ofMonitor) {
    var timeout = longer(TIMEOUT, ofMonitor);
    return timeout.compareTo(LONGEST_TIMEOUT) < 0 ? timeout : LONGEST_TIMEOUT;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
