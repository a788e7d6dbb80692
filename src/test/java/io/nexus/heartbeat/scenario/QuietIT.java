package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A fleet that is well costs the API server next to nothing, by its own count. */
@WithApiServer
class QuietIT {
  private static final int MONITORS = 200;
  private static final Duration WINDOW = Duration.ofSeconds(40);

  /** PUT, POST, PATCH of monitors and their status; CONNECT and reads are no writes. */
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{[^}]*resource=\"heartbeatmonitors\"[^}]*verb=\"(?:PUT|POST|PATCH|APPLY)\"[^}]*} (\\d+)");

  @Test
  void twoHundredMonitorsOfFiveHealthyTargetsMakeLessThanAWriteASecond(ApiServer server)
      throws Exception {
    try (var scenario = new Scenario(server)) {
      var all = new StringBuilder();
      for (var i = 0; i < MONITORS; i++) {
        all.append("---\n").append(monitor(i, scenario.gatewayPort()));
      }
      scenario.apply(all.toString());
      scenario.operator();
      await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () ->
                  assertThat(
                          scenario
                              .kubectl("get", "hbm", "-o", "jsonpath={.items[*].status.level}")
                              .split(" "))
                      .hasSize(MONITORS)
                      .containsOnly("Healthy"));

      var start = System.nanoTime();
      var before = writes(server);
      var checks = scenario.requests();
      assertThat(before).as("writes are seen at all").isGreaterThanOrEqualTo(2 * MONITORS);
      await()
          .pollDelay(WINDOW)
          .atMost(WINDOW.multipliedBy(3))
          .until(() -> Duration.ofNanos(System.nanoTime() - start).compareTo(WINDOW) >= 0);
      var seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
      var rate = (writes(server) - before) / seconds;
      assertThat((scenario.requests() - checks) / seconds)
          .as("checks a second, of 100 that are due")
          .isGreaterThan(90);
      System.out.printf("status writes in steady state: %.2f a second%n", rate);
      assertThat(rate).isLessThan(1.0);
    }
  }

  private static String monitor(int number, int port) {
    var targets = new StringBuilder();
    for (var i = 0; i < 5; i++) {
      targets.append("  - {name: t%d, http: {url: \"http://127.0.0.1:%d/\"}}\n".formatted(i, port));
    }
    return "apiVersion: heartbeat.nexus.io/v1alpha1\nkind: HeartbeatMonitor\nmetadata: {name: m%d}\nspec:\n  interval: 10s\n  targets:\n"
            .formatted(number)
        + targets;
  }

  private static long writes(ApiServer server) {
    return WRITES
        .matcher(server.kubectl("get", "--raw", "/metrics").out())
        .results()
        .mapToLong(m -> Long.parseLong(m.group(1)))
        .sum();
  }
}
