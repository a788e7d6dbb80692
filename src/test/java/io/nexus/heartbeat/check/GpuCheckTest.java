package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.GpuTarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GpuCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final String PATH = "/metrics";

  private JsonServer exporter;

  @BeforeEach
  void start() throws IOException {
    exporter = new JsonServer();
  }

  @AfterEach
  void stop() {
    exporter.close();
  }

  @Test
  void ofSeveralGpusTheWorstIsMeasured() throws Exception {
    exporter.answers(PATH, text("two-gpus.txt"));

    var measured = ((Reading.Up) read()).measurements();

    assertThat(measured.numbers())
        .containsEntry("gpus", 2.0)
        .containsEntry("utilizationPercent", 97.0)
        .containsEntry("temperature", 83.0)
        .containsEntry("xidErrors", 1.0)
        .containsKey("latency");
    assertThat(measured.numbers().get("memoryPercent")).isCloseTo(11.953, within(0.001));
    assertThat(measured.words()).containsEntry("note", "XID 79 on GPU 1");
  }

  @Test
  void aGpuThatIsCutIntoInstancesIsOneAndAsItsFullest() throws Exception {
    exporter.answers(PATH, text("cut-into-instances.txt"));

    var measured = ((Reading.Up) read()).measurements();

    assertThat(measured.numbers())
        .containsEntry("gpus", 1.0)
        .containsEntry("memoryPercent", 90.0)
        .containsEntry("xidErrors", 0.0);
    assertThat(measured.numbers().get("utilizationPercent")).isCloseTo(99.57, within(0.01));
    assertThat(measured.words()).doesNotContainKey("note");
  }

  @Test
  void whatTheExporterDoesNotTellIsAbsentAndSaysWhy() throws Exception {
    exporter.answers(
        PATH,
        "DCGM_FI_DEV_GPU_TEMP{gpu=\"0\"} 2147483632\nDCGM_FI_DEV_FB_USED{gpu=\"0\"} 5 1395066363000\n");

    var measured = ((Reading.Up) read()).measurements();

    assertThat(measured.numbers()).containsOnlyKeys("gpus", "latency");
    assertThat(measured.absent())
        .containsEntry("temperature", "the exporter does not tell it")
        .containsKeys("utilizationPercent", "memoryPercent", "xidErrors");
  }

  @Test
  void whatIsTooMuchIsAThresholdsToSay() throws Exception {
    exporter.answers(PATH, text("two-gpus.txt"));
    var hot = new Threshold("temperature", new IntOrString(80), new IntOrString(90), null, null);

    var assessed =
        Assessment.NONE.next(
            ATarget.of("gpu", target(exporter.url() + PATH)).thresholds(hot).build(),
            new Observation(Instant.EPOCH, Duration.ZERO, read()));

    assertThat(assessed.level()).isEqualTo(Level.Degraded);
    assertThat(assessed.message()).contains("temperature is 83, at or above 80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | '' | HTTP 404 Not Found; url must lead to the metrics of a DCGM exporter",
        "503 | '' | HTTP 503 Service Unavailable; url must lead to the metrics of a DCGM exporter",
        "200 | <h1>Hi</h1> | no GPU is told of; url must lead to the metrics of a DCGM exporter",
        "200 | DCGM_FI_DEV_GPU_TEMP{gpu=\"0 5 | no GPU is told of; url must lead to the metrics of a DCGM exporter",
        "200 | DCGM_FI_DEV_GPU_TEMP{gpu=\"0\"} NaN | no GPU is told of; url must lead to the metrics of a DCGM exporter",
      })
  void anExporterThatTellsOfNoGpuIsUnknown(int status, String body, String told) throws Exception {
    exporter.answers(PATH, status, body);

    assertThat(HttpProbing.words(read())).isEqualTo("Unknown: " + told);
  }

  @Test
  void anExporterThatIsGoneIsNotWhatIsWatched() throws Exception {
    exporter.close();

    assertThat(HttpProbing.words(read()))
        .isEqualTo("Unknown: the exporter cannot be asked: connection refused");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.nexus.heartbeat.check.HostileAnswers#all")
  void whateverIsAnsweredItEndsInTimeWithWords(String name, Script script) throws Exception {
    var timeout = Duration.ofSeconds(2);
    try (var hostile = running(script)) {
      var begun = System.nanoTime();
      var reading = read("http://dcgm.test:" + hostile.port() + PATH, timeout);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
      assertThat(HttpProbing.words(reading))
          .startsWith("Unknown: ")
          .hasSizeLessThan(300)
          .doesNotContain("Exception");
    }
  }

  @Test
  void silenceIsUnknownByItsTimeout() throws Exception {
    try (var silent = running(ScriptedServer::hang)) {
      var reading = read("http://dcgm.test:" + silent.port() + PATH, Duration.ofMillis(300));
      assertThat(HttpProbing.words(reading))
          .isEqualTo("Unknown: the exporter cannot be asked: timed out after 300 ms");
    }
  }

  @Test
  void inAClusterNoProgramIsRun() throws Exception {
    var smi = new GpuTarget(null, new GpuTarget.NvidiaSmi(), null);
    assertThat(HttpProbing.words(read(smi, Duration.ofSeconds(5))))
        .startsWith("Unknown: nvidiaSmi is for a host only");
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of("src/test/resources/dcgm", file));
  }

  private Reading read() throws InterruptedException {
    return read(exporter.url() + PATH, Duration.ofSeconds(10));
  }

  private static Reading read(String url, Duration timeout) throws InterruptedException {
    return read(target(url), timeout);
  }

  private static GpuTarget target(String url) {
    return new GpuTarget(url, null, null);
  }

  private static Reading read(GpuTarget target, Duration timeout) throws InterruptedException {
    var surroundings = new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return GpuCheck.of(target, surroundings).run(deadline);
    }
  }
}
