package io.nexus.heartbeat.web;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** Which Heartbeat this is. */
record BuildInfo(String version) implements Collector {

  @Override
  public MetricSnapshot collect() {
    return InfoSnapshot.builder()
        .name("heartbeat_build")
        .help("Which version of Heartbeat this is; always 1.")
        .dataPoint(
            InfoSnapshot.InfoDataPointSnapshot.builder()
                .labels(Labels.of("version", Shown.text(version)))
                .build())
        .build();
  }

  @Override
  public String getPrometheusName() {
    return "heartbeat_build";
  }
}
