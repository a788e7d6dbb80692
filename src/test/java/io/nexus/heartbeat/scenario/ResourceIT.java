package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

  private ApiServer.Kubectl apply(Path file) {
    return server.kubectl(
        "apply", "--dry-run=server", "--validate=strict", "-n", namespace, "-f", file.toString());
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
