package io.nexus.heartbeat.web;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.engine.EngineListener;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Heartbeat counts, as {@code docs/metrics.md} promises. What is true now is not kept here: it
 * is read when somebody scrapes.
 */
public final class Metrics implements EngineListener, Tally {
  /** Kinds of channel are constants of our own; a bound all the same. */
  private static final int MOST_CHANNELS = 32;

  private static final Duration[] DELAYS =
      seconds(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5);
  private static final Duration[] DURATIONS =
      seconds(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);
  private static final Duration[] DELIVERIES = seconds(0.25, 1, 5, 15, 60, 300, 900, 3600);

  private final PrometheusRegistry exposed = new PrometheusRegistry();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(
          new PrometheusConfig() {
            @Override
            public @Nullable String get(String key) {
              return null; // nothing of this is configured from outside
            }
          },
          exposed,
          Clock.SYSTEM);

  private final Counter up = reading("up");
  private final Counter impaired = reading("impaired");
  private final Counter down = reading("down");
  private final Counter unknown = reading("unknown");
  private final Timer startDelay =
      Timer.builder("heartbeat.check.start.delay")
          .description("How long after it was due a check started.")
          .serviceLevelObjectives(DELAYS)
          .register(registry);
  private final Timer duration =
      Timer.builder("heartbeat.check.duration")
          .description("How long a check took, whatever it found.")
          .serviceLevelObjectives(DURATIONS)
          .register(registry);
  private final Counter statusWrites =
      Counter.builder("heartbeat.status.writes")
          .description("Statuses written.")
          .register(registry);
  private final Counter turnsFailed =
      Counter.builder("heartbeat.turns.failed")
          .description("Turns of a monitor that failed: nothing was repaired or told.")
          .register(registry);
  private static final List<String> OUTCOMES = List.of("done", "refused", "failed");

  private final AtomicInteger configurationStale = new AtomicInteger();
  private final Map<String, ChannelMeters> channels = new ConcurrentHashMap<>();

  /** What is read when somebody scrapes. */
  public record Sources(
      Supplier<List<TargetView>> targets,
      LongSupplier overdue,
      Supplier<Courier.Health> deliveries) {}

  /** How a scrape is written. */
  public enum Format {
    Prometheus(PrometheusTextFormatWriter.CONTENT_TYPE),
    OpenMetrics(OpenMetricsTextFormatWriter.CONTENT_TYPE);

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }

    static Format accepted(String accept) {
      return accept.contains("application/openmetrics-text") ? OpenMetrics : Prometheus;
    }
  }

  private record ChannelMeters(Counter delivered, Counter retried, Counter dead, Timer took) {}

  public Metrics(String version) {
    exposed.register(new BuildInfo(version));
    ProcessMeters.register(registry);
    countedFromZero("restart"); // the commonest, so that there is a family before the first act
    Gauge.builder("heartbeat.config.stale", configurationStale, AtomicInteger::get)
        .description("1 while the files of heartbeat run hold an edit that is not used.")
        .register(registry);
  }

  public void configurationIsStale(boolean stale) {
    configurationStale.set(stale ? 1 : 0);
  }

  /** From now on scrapes also show what these know. Called once. */
  public void watch(Sources sources) {
    exposed.register(new LiveGauges(sources));
  }

  /** For libraries that count by themselves. */
  public MeterRegistry registry() {
    return registry;
  }

  byte[] scrape(Format format) throws IOException {
    var out = new ByteArrayOutputStream(32 * 1024);
    var snapshots = exposed.scrape();
    switch (format) {
      case Prometheus -> PrometheusTextFormatWriter.create().write(out, snapshots);
      case OpenMetrics -> OpenMetricsTextFormatWriter.create().write(out, snapshots);
    }
    return out.toByteArray();
  }

  // The one method here that runs for every check: no lookup, no allocation.
  @Override
  public void checked(
      MonitorKey monitor,
      String target,
      Duration lateness,
      Observation observation,
      Assessment before,
      Assessment after) {
    counterOf(observation.reading()).increment();
    startDelay.record(lateness);
    duration.record(observation.took());
  }

  private Counter counterOf(Reading reading) {
    return switch (reading) {
      case Reading.Up _ -> up;
      case Reading.Impaired _ -> impaired;
      case Reading.Down _ -> down;
      case Reading.Unknown _ -> unknown;
      case Reading.Judged(var found, _) -> counterOf(found);
    };
  }

  @Override
  public void acted(MonitorKey monitor, Due due, String outcome, String why) {
    if (!OUTCOMES.contains(outcome)) {
      throw new IllegalArgumentException("no repair ends as '" + outcome + "'");
    }
    countedFromZero(due.action().rung());
    repair(due.action().rung(), outcome).increment();
  }

  /** All outcomes from the first on: a rate needs a zero to begin with. */
  private void countedFromZero(String rung) {
    OUTCOMES.forEach(outcome -> repair(rung, outcome));
  }

  @Override
  public void statusWritten(MonitorKey monitor) {
    statusWrites.increment();
  }

  @Override
  public void turnFailed(MonitorKey monitor) {
    turnsFailed.increment();
  }

  @Override
  public void delivered(String kind, Duration waited) {
    var meters = channel(kind);
    meters.delivered().increment();
    meters.took().record(waited);
  }

  @Override
  public void retried(String kind) {
    channel(kind).retried().increment();
  }

  @Override
  public void dead(String kind) {
    channel(kind).dead().increment();
  }

  private ChannelMeters channel(String kind) {
    var known = channels.get(kind);
    if (known != null) {
      return known;
    }
    var name = channels.size() < MOST_CHANNELS ? Shown.text(kind) : "other";
    return channels.computeIfAbsent(name, this::newChannel);
  }

  private ChannelMeters newChannel(String kind) {
    return new ChannelMeters(
        alert(kind, "delivered"),
        alert(kind, "retried"),
        alert(kind, "dead"),
        Timer.builder("heartbeat.alert.delivery")
            .description("From handing an alert over until the channel's provider took it.")
            .tag("channel", kind)
            .serviceLevelObjectives(DELIVERIES)
            .register(registry));
  }

  private Counter alert(String kind, String outcome) {
    return Counter.builder("heartbeat.alerts")
        .description("Tries to deliver an alert: delivered, retried (another try follows), dead.")
        .tag("channel", kind)
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter reading(String reading) {
    return Counter.builder("heartbeat.checks")
        .description("Checks done, by what they found.")
        .tag("reading", reading)
        .register(registry);
  }

  /** A registry knows what it has registered. */
  private Counter repair(String rung, String outcome) {
    return Counter.builder("heartbeat.repairs")
        .description("Acts of repair, by what came of the act itself.")
        .tag("rung", rung)
        .tag("outcome", outcome)
        .register(registry);
  }

  private static Duration[] seconds(double... seconds) {
    var buckets = new Duration[seconds.length];
    for (var i = 0; i < seconds.length; i++) {
      buckets[i] = Duration.ofNanos((long) (seconds[i] * 1e9));
    }
    return buckets;
  }
}
