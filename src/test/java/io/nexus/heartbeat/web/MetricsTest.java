package io.nexus.heartbeat.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.web.Metrics.Format;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final MonitorKey NEXUS = new MonitorKey("prod", "nexus");

  private final List<TargetView> targets = new ArrayList<>();
  private final Metrics metrics = watching(targets);

  @Test
  void aTargetsStateIsReadWhenItIsScraped() {
    targets.add(
        new TargetView(
            NEXUS,
            "gateway",
            "http",
            Level.Critical,
            "down",
            Measurements.NONE,
            Instant.parse("2026-11-24T00:00:00.500Z"),
            Duration.ofMillis(250),
            true,
            true));

    var labels = "{kind=\"http\",monitor=\"nexus\",namespace=\"prod\",target=\"gateway\"}";
    assertThat(scrape())
        .contains("heartbeat_target_level" + labels + " 3.0\n")
        .contains("heartbeat_target_latency_seconds" + labels + " 0.25\n")
        .contains("heartbeat_target_last_check_timestamp_seconds" + labels + " 1.7954784005E9\n")
        .contains("heartbeat_target_incident" + labels + " 1.0\n")
        .contains("heartbeat_monitor_level{monitor=\"nexus\",namespace=\"prod\"} 3.0\n");
  }

  @Test
  void aTargetThatIsGoneIsGoneFromTheNextScrape() {
    targets.add(view("gateway", Level.Healthy));
    assertThat(scrape()).contains("target=\"gateway\"");

    targets.clear();

    assertThat(scrape()).doesNotContain("target=\"gateway\"").doesNotContain("monitor=\"nexus\"");
  }

  @Test
  void aTargetThatDoesNotCountRaisesNoFuss() {
    targets.add(view("gateway", Level.Healthy));
    targets.add(
        new TargetView(
            NEXUS,
            "models",
            "http",
            Level.Unknown,
            "",
            Measurements.NONE,
            null,
            null,
            false,
            false));

    assertThat(scrape())
        .doesNotContain("target=\"models\"")
        .contains("heartbeat_targets 1.0\n")
        .contains("heartbeat_monitor_level{monitor=\"nexus\",namespace=\"prod\"} 0.0\n");
  }

  @Test
  void aMonitorOfWhichNothingCountsHasNoLevel() {
    targets.add(
        new TargetView(
            NEXUS,
            "models",
            "http",
            Level.Unknown,
            "",
            Measurements.NONE,
            null,
            null,
            false,
            false));

    assertThat(scrape()).doesNotContain("heartbeat_monitor_level{");
  }

  @Test
  void thereIsNoLatencyBeforeTheFirstCheck() {
    targets.add(view("gateway", Level.Unknown));

    assertThat(scrape())
        .contains("heartbeat_target_level{")
        .doesNotContain("heartbeat_target_latency_seconds{")
        .doesNotContain("heartbeat_target_last_check_timestamp_seconds{");
  }

  @Test
  void tooManyTargetsAreCutToTheWorstAndItSaysSo() {
    IntStream.range(0, LiveGauges.MOST_TARGETS + 5)
        .forEach(i -> targets.add(view("t" + i, Level.Healthy)));
    targets.add(view("broken", Level.Critical));

    assertThat(scrape()).contains("target=\"broken\"").contains("heartbeat_targets_left_out 6.0\n");
  }

  @Test
  void tooManyMonitorsAreCutToTheWorstToo() {
    IntStream.range(0, LiveGauges.MOST_TARGETS + 5)
        .forEach(i -> targets.add(ofMonitor("m" + i, Level.Healthy)));
    targets.add(ofMonitor("the-broken-one", Level.Critical));

    assertThat(scrape().lines().filter(line -> line.startsWith("heartbeat_monitor_level{")))
        .hasSize(LiveGauges.MOST_TARGETS)
        .anyMatch(line -> line.contains("the-broken-one"));
  }

  private static TargetView ofMonitor(String name, Level level) {
    var monitor = new MonitorKey("prod", name);
    return new TargetView(
        monitor, "gateway", "http", level, "", Measurements.NONE, null, null, false, true);
  }

  @Test
  void hostileNamesCannotBreakAScrape() {
    targets.add(view("a\"}\n\u202Eevil 1\n" + "x".repeat(500), Level.Healthy));
    targets.add(view("twin", Level.Healthy));
    targets.add(view("twin", Level.Critical));

    assertThat(scrape().lines().filter(line -> line.startsWith("heartbeat_target_level{")))
        .hasSize(2)
        .allMatch(line -> line.length() < 450)
        .noneMatch(line -> line.contains("\u202E"));
  }

  @Test
  void checksAreCountedByWhatTheyFound() {
    checked(new Reading.Up(Measurements.NONE), 2);
    checked(new Reading.Down("connection refused", Measurements.NONE), 2);
    checked(new Reading.Down("connection refused", Measurements.NONE), 80);

    assertThat(scrape())
        .contains("heartbeat_checks_total{reading=\"up\"} 1.0\n")
        .contains("heartbeat_checks_total{reading=\"down\"} 2.0\n")
        .contains("heartbeat_checks_total{reading=\"unknown\"} 0.0\n")
        .contains("heartbeat_check_start_delay_seconds_bucket{le=\"0.05\"} 2\n")
        .contains("heartbeat_check_start_delay_seconds_bucket{le=\"0.1\"} 3\n")
        .contains("heartbeat_check_duration_seconds_count 3\n");
  }

  @Test
  void repairsAndDeliveriesAreCountedByOutcome() {
    metrics.acted(NEXUS, due(), "refused", "somebody else is changing it");
    metrics.delivered("telegram", Duration.ofMillis(300));
    metrics.retried("telegram");

    assertThat(scrape())
        .contains("heartbeat_repairs_total{outcome=\"refused\",rung=\"restart\"} 1.0\n")
        .contains("heartbeat_repairs_total{outcome=\"done\",rung=\"restart\"} 0.0\n")
        .contains("heartbeat_alerts_total{channel=\"telegram\",outcome=\"delivered\"} 1.0\n")
        .contains("heartbeat_alerts_total{channel=\"telegram\",outcome=\"retried\"} 1.0\n")
        .contains("heartbeat_alerts_total{channel=\"telegram\",outcome=\"dead\"} 0.0\n")
        .contains("heartbeat_alert_delivery_seconds_count{channel=\"telegram\"} 1\n")
        .contains("heartbeat_alerts_undelivered 3.0\n")
        .contains("heartbeat_alert_oldest_undelivered_seconds 1.5\n");
  }

  @Test
  void anOutcomeNobodyKnowsIsABugAndNotALabel() {
    assertThatThrownBy(() -> metrics.acted(NEXUS, due(), "exploded", ""))
        .hasMessageContaining("exploded");
  }

  @Test
  void channelsAreBounded() {
    IntStream.range(0, 200).forEach(i -> metrics.dead("kind" + i));

    assertThat(scrape().lines().filter(l -> l.startsWith("heartbeat_alerts_total{")).count())
        .isLessThanOrEqualTo(33L * 3);
    assertThat(scrape())
        .contains("heartbeat_alerts_total{channel=\"other\",outcome=\"dead\"} 168.0");
  }

  @Test
  void openMetricsEndsWithItsEnd() throws IOException {
    assertThat(new String(metrics.scrape(Format.OpenMetrics), UTF_8)).endsWith("# EOF\n");
  }

  @Test
  void countingACheckCostsNextToNothing() {
    var reading = new Reading.Up(Measurements.NONE);
    var observation = new Observation(Instant.EPOCH, Duration.ofMillis(3), reading);
    var fastest = Long.MAX_VALUE;
    for (var round = 0; round < 20; round++) {
      var start = System.nanoTime();
      for (var i = 0; i < 50_000; i++) {
        metrics.checked(
            NEXUS, "gateway", Duration.ofMillis(1), observation, Assessment.NONE, Assessment.NONE);
      }
      fastest = Math.min(fastest, (System.nanoTime() - start) / 50_000);
    }
    System.getLogger("metrics").log(System.Logger.Level.DEBUG, "{0} ns per check", fastest);

    // Some 200 ns where nothing else runs; a check itself takes some 100,000.
    assertThat(fastest).as("nanoseconds").isLessThan(5_000);
  }

  static Metrics watching(List<TargetView> targets) {
    var metrics = new Metrics("1.2.3");
    metrics.watch(
        new Metrics.Sources(
            () -> List.copyOf(targets),
            () -> 0,
            () -> new Courier.Health(3, Duration.ofMillis(1500))));
    return metrics;
  }

  static TargetView view(String name, Level level) {
    return new TargetView(
        NEXUS, name, "http", level, "", Measurements.NONE, null, null, false, true);
  }

  private static Due due() {
    var restart = new Action.Restart(new WorkloadRef(WorkloadRef.Kind.Deployment, "gateway"));
    var plan =
        new Plan(
            "id",
            1,
            restart.words(),
            restart.subject(),
            "uid",
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(),
            null);
    return new Due(plan, restart, new Due.Occasion("gateway", Level.Critical, "down"));
  }

  private void checked(Reading reading, long lateMillis) {
    var observation = new Observation(Instant.EPOCH, Duration.ofMillis(3), reading);
    metrics.checked(
        NEXUS,
        "gateway",
        Duration.ofMillis(lateMillis),
        observation,
        Assessment.NONE,
        Assessment.NONE);
  }

  private String scrape() {
    try {
      return new String(metrics.scrape(Format.Prometheus), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
