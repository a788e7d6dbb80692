package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.PrometheusServer;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final String PATH = "/api/v1/query";

  private JsonServer prometheus;

  @BeforeEach
  void start() throws IOException {
    prometheus = new JsonServer();
  }

  @AfterEach
  void stop() {
    prometheus.close();
  }

  @Test
  void aClaimIsAsFullAsItsKubeletMeasures() throws Exception {
    prometheus.answers(
        PATH,
        vector(
            series("used_bytes", "900"),
            series("available_bytes", "100"),
            series("capacity_bytes", "1050"),
            series("inodes", "200"),
            series("inodes_used", "50")));

    assertThat(((Reading.Up) read()).measurements().numbers())
        .containsEntry("percent", 90.0)
        .containsEntry("freeBytes", 100.0)
        .containsEntry("totalBytes", 1050.0)
        .containsEntry("inodesPercent", 25.0);
  }

  @Test
  void onlyTheClaimOfTheMonitorsNamespaceIsAskedFor() throws Exception {
    prometheus.answers(PATH, vector());

    read();

    assertThat(URLDecoder.decode(prometheus.asked.getFirst().body(), StandardCharsets.UTF_8))
        .contains("namespace=\"shop\",persistentvolumeclaim=\"nexus-data\"")
        .contains("__name__=~\"kubelet_volume_stats_(used_bytes|");
  }

  @Test
  void aVolumeWhoseInodesNobodyCountsSaysSo() throws Exception {
    prometheus.answers(PATH, vector(series("used_bytes", "1"), series("available_bytes", "3")));

    var measured = ((Reading.Up) read()).measurements();

    assertThat(measured.numbers()).containsEntry("percent", 25.0).containsEntry("totalBytes", 4.0);
    assertThat(measured.absent()).containsKey("inodesPercent");
  }

  @Test
  void aClaimThatNobodyMeasuresIsUnknown() throws Exception {
    for (var answer : new String[] {vector(), vector(series("used_bytes", "NaN"))}) {
      prometheus.answers(PATH, answer);

      assertThat(HttpProbing.words(read()))
          .isEqualTo(
              "Unknown: no data of claim nexus-data in namespace shop: some pod must mount it, and"
                  + " Prometheus must collect the kubelets' metrics");
    }
  }

  @Test
  void aPrometheusThatCannotBeAskedIsUnknownInItsWords() throws Exception {
    prometheus.answers(PATH, 422, "{\"status\":\"error\",\"error\":\"too many samples\"}");
    assertThat(HttpProbing.words(read())).isEqualTo("Unknown: too many samples");
    prometheus.close();
    assertThat(HttpProbing.words(read()))
        .isEqualTo("Unknown: Prometheus cannot be asked: connection refused");
  }

  private static String vector(String... series) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":%s}}"
        .formatted(Stream.of(series).collect(Collectors.joining(",", "[", "]")));
  }

  private static String series(String name, String value) {
    return "{\"metric\":{\"__name__\":\"kubelet_volume_stats_%s\"},\"value\":[1435781451.781,\"%s\"]}"
        .formatted(name, value);
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private Reading read() throws InterruptedException {
    var target =
        new DiskTarget(
            null,
            new DiskTarget.Claim("nexus-data"),
            null,
            new PrometheusServer(prometheus.url(), null, null),
            null,
            null);
    var surroundings =
        new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS)
            .at(new Place.Cluster("shop"));
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      return DiskCheck.of(target, surroundings).run(deadline);
    }
  }
}
