package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the API server refuses, with the words that the offline validation is tested with too. */
@WithApiServer
class ResourceIT {
  private static final Path RESOURCES =
      Path.of(System.getProperty("basedir", ""), "src/test/resources");

  private final ApiServer server;
  private final String namespace;

  ResourceIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
  }

  @TestFactory
  Stream<DynamicTest> theApiServerRefusesWithAMessageThatNamesTheField() throws IOException {
    return files("bad").stream()
        .filter(file -> !text(file).contains("# offline only"))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> refused(file)));
  }

  private void refused(Path file) {
    var expected =
        text(file)
            .lines()
            .filter(line -> line.startsWith("# expect: "))
            .map(line -> line.substring("# expect: ".length()))
            .findFirst()
            .orElseThrow();
    var result = apply(file);
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains(expected);
  }

  @TestFactory
  Stream<DynamicTest> whatIsRightIsAccepted() throws IOException {
    var samples = Path.of(System.getProperty("basedir", ""), "k8s", "samples");
    return Stream.concat(files("good").stream(), list(samples).stream())
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> {
                      var result = apply(file);
                      assertThat(result.exitCode()).as(result.err()).isZero();
                    }));
  }

  /** What a file means is the same on a host as in a cluster, YAML 1.1 and merge keys included. */
  @TestFactory
  Stream<DynamicTest> theApiServerReadsWhatIsReadWithoutIt() throws IOException {
    return files("good").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> {
                      var there = apply(file, "-o", "json");
                      assertThat(there.exitCode()).as(there.err()).isZero();
                      var ours =
                          MonitorFile.parse(file.toString(), text(file)).monitors().getFirst();
                      var theirs =
                          new KubernetesSerialization()
                              .unmarshal(monitorIn(there.out()), HeartbeatMonitor.class);
                      assertThat(ours.getSpec()).isEqualTo(theirs.getSpec());
                      assertThat(ours.getMetadata().getLabels())
                          .isEqualTo(theirs.getMetadata().getLabels());
                    }));
  }

  /** The rules' cost has a limit at run time too. */
  @Test
  void theLargestMonitorWithTheLongestNamesIsAccepted() {
    var names =
        IntStream.range(0, 100).mapToObj(i -> "t".repeat(60) + "%03d".formatted(i)).toList();
    var monitor =
        new StringBuilder(
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: largest}
            spec:
              targets:
            """);
    for (var name : names) {
      var parents = names.indexOf(name) < 90 ? names.subList(90, 100) : "[]";
      monitor.append(
          "  - {name: %s, dependsOn: %s, tcp: {host: a, port: 1}}%n".formatted(name, parents));
    }
    var result =
        server.kubectlWithInput(
            monitor.toString(), "apply", "--dry-run=server", "-n", namespace, "-f", "-");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  @Test
  void theMonitorWithTheMostDatabasesIsAccepted() {
    var monitor =
        new StringBuilder(
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: databases}
            spec:
              targets:
            """);
    for (var i = 0; i < 100; i++) {
      var name = "t".repeat(60) + "%03d".formatted(i);
      var last = "t".repeat(60) + "049";
      monitor.append(
          i < 50
              ? "  - {name: %s, postgres: {host: db}}%n".formatted(name)
              : i < 75
                  ? "  - {name: %s, agents: {database: %s}}%n".formatted(name, last)
                  : "  - {name: %s, tokenBudget: {database: %s, dailyLimit: 1}}%n"
                      .formatted(name, last));
    }
    var result =
        server.kubectlWithInput(
            monitor.toString(), "apply", "--dry-run=server", "-n", namespace, "-f", "-");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  @Test
  void theTableAndTheExplanationsAreThere() {
    server.kubectl(
        "create", "-n", namespace, "-f", RESOURCES.resolve("good/small.yaml").toString());
    var columns = server.kubectl("get", "hbm", "-n", namespace);
    assertThat(columns.out().lines().findFirst().orElse("nothing, and " + columns.err()))
        .matches("NAME +LEVEL +HEALTHY +RECOVERY +LAST CHANGE +MESSAGE +AGE *");
    var explained = server.kubectl("explain", "heartbeatmonitor.spec.targets.repair.restart");
    assertThat(explained.out()).contains("heartbeat.nexus.io/recovery=allowed");
    assertThat(server.kubectl("explain", "heartbeatmonitor.spec.targets").out())
        .contains("failureThreshold")
        .doesNotContain("<no description>");
    var all = server.kubectl("get", "crd", "heartbeatmonitors.heartbeat.nexus.io", "-o", "yaml");
    assertThat(all.out()).contains("- all", "- hbm");
  }

  /** kubectl prints a List when the file holds more than monitors. */
  private static String monitorIn(String json) throws IOException {
    var printed = new ObjectMapper().readTree(json);
    return StreamSupport.stream(printed.path("items").spliterator(), false)
        .filter(item -> item.path("kind").asText().equals("HeartbeatMonitor"))
        .findFirst()
        .orElse(printed)
        .toString();
  }

  private ApiServer.Kubectl apply(Path file, String... more) {
    var apply =
        Stream.of(
            "apply",
            "--dry-run=server",
            "--validate=strict",
            "-n",
            namespace,
            "-f",
            file.toString());
    return server.kubectl(Stream.concat(apply, Stream.of(more)).toArray(String[]::new));
  }

  private static List<Path> files(String folder) throws IOException {
    return list(RESOURCES.resolve(folder));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".yaml"))
          .map(Path::toAbsolutePath)
          .sorted()
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
