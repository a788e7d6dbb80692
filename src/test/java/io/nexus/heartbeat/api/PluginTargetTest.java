package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.validation.MonitorFile;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginTargetTest {
  private static final String PLUGIN = "plugin: {command: [/bin/true]}";

  @ParameterizedTest
  @CsvSource({"30s, 5s, PT1M, PT30S", "5m, 45s, PT5M, PT45S", "1h, 30m, PT1H, PT10M"})
  void whatItDoesNotSayIsAMinuteAndHalfAMinuteOrTheMonitorsWhereThatIsMore(
      String interval, String timeout, Duration every, Duration within) {
    var spec =
        parse("  interval: %s\n  timeout: %s\n".formatted(interval, timeout), PLUGIN)
            .monitors()
            .getFirst()
            .getSpec();
    var target = spec.targets().getFirst();
    assertThat(spec.intervalOf(target)).isEqualTo(every);
    assertThat(spec.timeoutOf(target)).isEqualTo(within);
  }

  @Test
  void whatItSaysCounts() {
    var spec =
        parse("", "interval: 90s\n    timeout: 10s\n    " + PLUGIN).monitors().getFirst().getSpec();
    assertThat(spec.intervalOf(spec.targets().getFirst())).isEqualTo(Duration.ofSeconds(90));
    assertThat(spec.timeoutOf(spec.targets().getFirst())).isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          plugin: {command: [check_load]}                              ~ command must begin with the program's whole path, such as /usr/bin/true
          plugin: {command: []}                                        ~ spec.targets[0].plugin.command
          plugin: {command: [/bin/true], fromCronJob: a}               ~ exactly one of fromCronJob and command must be set
          plugin: {}                                                   ~ exactly one of fromCronJob and command must be set
          {plugin: {command: [/bin/true]}, interval: 30s}              ~ interval of a plugin must be at least 1m
          {plugin: {command: [/bin/true]}, timeout: 601s}              ~ timeout of a plugin must be at most 10m
          {plugin: {command: [/bin/true], measurements: [load1]}, thresholds: [{measurement: load, degraded: 4}]} ~ is not measured by plugin; did you mean 'load1'?
          {plugin: {command: [/bin/true], measurements: [load1]}, when: {degraded: m.load > 4.0}} ~ load1
          """)
  void aMistakeIsNamed(String declared, String expected) {
    var fields = declared.startsWith("{") ? declared.substring(1, declared.length() - 1) : declared;
    var file =
        MonitorFile.parse(
            "m.yaml",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: m}
            spec:
              targets:
              - {name: a, %s}
            """
                .formatted(fields));
    assertThat(file.findings().toString()).contains(expected);
  }

  @Test
  void aCommandIsForAHostOnly() {
    assertThat(parse("", PLUGIN).hostOnly())
        .singleElement()
        .asString()
        .contains("spec.targets[0].plugin.command: for a host only");
  }

  private static MonitorFile parse(String spec, String target) {
    var file =
        MonitorFile.parse(
            "m.yaml",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: m}
            spec:
            %s  targets:
              - name: a
                %s
            """
                .formatted(spec, target));
    assertThat(file.findings()).isEmpty();
    return file;
  }
}
