package io.nexus.heartbeat.web;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.TargetView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is true now, read at each scrape: nothing is stored twice, and a target that is gone is gone
 * from here.
 */
record LiveGauges(Metrics.Sources sources) implements MultiCollector {
  /** Some 40,000 series: five megabytes a scrape, uncompressed. */
  static final int MOST_TARGETS = 10_000;

  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  @Override
  public MetricSnapshots collect() {
    var all = sources.targets().get();
    var counting = all.stream().filter(TargetView::counts).toList();
    var shown = shown(counting);
    var health = sources.deliveries().get();
    return new MetricSnapshots(
        targetLevel(shown),
        targetLatency(shown),
        targetLastCheck(shown),
        targetIncident(shown),
        monitorLevel(counting),
        gauge(
            "heartbeat_targets",
            "Targets watched that count for their monitor's level.",
            counting.size()),
        gauge(
            "heartbeat_targets_left_out",
            "Targets without series of their own, because there are too many.",
            counting.size() - shown.size()),
        gauge(
            "heartbeat_checks_overdue",
            "Targets whose check should be done and is not.",
            sources.overdue().getAsLong()),
        gauge(
            "heartbeat_alerts_undelivered",
            "Alerts that wait or are on their way.",
            health.undelivered()),
        gauge(
            "heartbeat_alert_oldest_undelivered_seconds",
            "For how long the oldest undelivered alert has been waiting; 0 when none is.",
            health.oldest().toNanos() / NANOS));
  }

  /** The worst first, when there are too many to show. */
  private static List<TargetView> shown(List<TargetView> targets) {
    if (targets.size() <= MOST_TARGETS) {
      return targets;
    }
    return targets.stream()
        .sorted(
            comparing(TargetView::incident)
                .thenComparing(TargetView::level)
                .reversed()
                .thenComparing(view -> view.monitor().toString())
                .thenComparing(TargetView::target))
        .limit(MOST_TARGETS)
        .toList();
  }

  private static GaugeSnapshot targetLevel(List<TargetView> targets) {
    var points = new Points();
    targets.forEach(view -> points.add(labels(view), number(view.level())));
    return points.of(
        "heartbeat_target_level",
        "How well the target is: 0 healthy, 1 degraded, 2 unknown, 3 critical.");
  }

  private static GaugeSnapshot targetLatency(List<TargetView> targets) {
    var points = new Points();
    for (var view : targets) {
      if (view.latency() != null) {
        points.add(labels(view), view.latency().toNanos() / NANOS);
      }
    }
    return points.of("heartbeat_target_latency_seconds", "How long the target's last check took.");
  }

  private static GaugeSnapshot targetLastCheck(List<TargetView> targets) {
    var points = new Points();
    for (var view : targets) {
      if (view.lastChecked() != null) {
        points.add(labels(view), view.lastChecked().toEpochMilli() / MILLIS);
      }
    }
    return points.of(
        "heartbeat_target_last_check_timestamp_seconds",
        "When the target's last check ended, in seconds since 1970.");
  }

  private static GaugeSnapshot targetIncident(List<TargetView> targets) {
    var points = new Points();
    targets.forEach(view -> points.add(labels(view), view.incident() ? 1 : 0));
    return points.of("heartbeat_target_incident", "1 while the target has an open incident.");
  }

  /** A monitor of which nothing counts has no level and no series; of too many, the worst have. */
  private static GaugeSnapshot monitorLevel(List<TargetView> targets) {
    var points = new Points();
    var monitors =
        targets.stream().collect(groupingBy(v -> v.monitor().toString(), TreeMap::new, toList()));
    monitors.values().stream()
        .sorted(comparing(LiveGauges::worst).reversed()) // stable, so by name where it is equal
        .limit(MOST_TARGETS)
        .forEach(views -> points.add(labels(views.getFirst().monitor()), worst(views)));
    return points.of(
        "heartbeat_monitor_level",
        "The worst level of the monitor's targets: 0 healthy, 1 degraded, 2 unknown, 3 critical.");
  }

  private static double worst(Collection<TargetView> views) {
    return number(Level.worst(views.stream().map(TargetView::level).toList()));
  }

  /** The contract's numbers, whatever the enumeration's order becomes. */
  private static double number(Level level) {
    return switch (level) {
      case Healthy -> 0;
      case Degraded -> 1;
      case Unknown -> 2;
      case Critical -> 3;
    };
  }

  private static Labels labels(TargetView view) {
    return Labels.of(
        "namespace", Shown.text(view.monitor().namespace()),
        "monitor", Shown.text(view.monitor().name()),
        "target", Shown.text(view.target()),
        "kind", Shown.text(view.kind()));
  }

  private static Labels labels(MonitorKey monitor) {
    return Labels.of(
        "namespace", Shown.text(monitor.namespace()), "monitor", Shown.text(monitor.name()));
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    var points = new Points();
    points.add(Labels.EMPTY, value);
    return points.of(name, help);
  }

  /** One value for each set of labels: the library refuses a whole scrape for one duplicate. */
  private static final class Points {
    private final Map<Labels, Double> values = new LinkedHashMap<>();

    void add(Labels labels, double value) {
      values.put(labels, value);
    }

    GaugeSnapshot of(String name, String help) {
      var points =
          values.entrySet().stream()
              .map(point -> new GaugeDataPointSnapshot(point.getValue(), point.getKey(), null))
              .toList();
      return new GaugeSnapshot(new MetricMetadata(name, help), points);
    }
  }
}
