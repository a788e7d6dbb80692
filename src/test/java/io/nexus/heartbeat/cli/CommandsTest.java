package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person or a script meets: words, exit codes, no stack trace for a mistake of theirs. */
class CommandsTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HttpServer server;
  private volatile int status = 200;

  CommandsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aCheckSaysByItsExitCodeHowItWent() throws Exception {
    var file = monitor("");
    assertThat(run("check", "-f", file)).isZero();
    status = 404;
    assertThat(run("check", "-f", file)).isEqualTo(1);
    status = 503;
    assertThat(run("check", "-f", file)).isEqualTo(2);
    assertThat(out.toString()).contains("critical").contains("HTTP 503");
    var secret =
        monitor(
            """
              - name: redis
                redis: {url: "redis://127.0.0.1:1", passwordFrom: {secretKeyRef: {name: a, key: b}}}
            """);
    status = 200;
    assertThat(run("check", "-f", secret)).isEqualTo(3);
  }

  @Test
  void aCheckAnswersInEveryFormat() throws Exception {
    var file = monitor("");
    assertThat(run("check", "-f", file, "-o", "json")).isZero();
    var json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("level").asText()).isEqualTo("healthy");
    assertThat(json.path("targets").path(0).path("name").asText()).isEqualTo("web");
    out.getBuffer().setLength(0);
    run("check", "-f", file, "-o", "yaml");
    assertThat(out.toString()).startsWith("level: \"healthy\"");
    out.getBuffer().setLength(0);
    status = 500;
    run("check", "-f", file, "-o", "junit");
    assertThat(out.toString())
        .contains("<testsuite")
        .contains("failures=\"1\"")
        .contains("HTTP 500");
  }

  @Test
  void anOptionalTargetThatIsNotThereIsNoFuss() throws Exception {
    var file = monitor("  - {name: gpu, optional: true, tcp: {host: 127.0.0.1, port: 1}}\n");
    assertThat(run("check", "-f", file)).isZero();
    assertThat(out.toString()).contains("(optional)");
  }

  @Test
  void aMistakeInAFileIsNamedWithItsPlace() throws Exception {
    var file = directory.resolve("bad.yaml");
    Files.writeString(file, Files.readString(Path.of(monitor(""))).replace("http:", "htpp:"));
    for (var command : new String[] {"validate", "check", "run"}) {
      err.getBuffer().setLength(0);
      assertThat(run(command, "-f", file.toString())).isEqualTo(78);
      assertThat(err.toString())
          .contains(file + ":7:5: spec.targets[0].htpp: unknown field 'htpp'; did you mean 'http'?")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void whatIsForAHostOnlyIsAMistakeInACluster() throws Exception {
    var file = directory.resolve("host.yaml");
    Files.writeString(
        file,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets:
          - name: a
            redis: {url: "redis://a", passwordFrom: {file: {path: /run/password}}}
        """);
    assertThat(run("validate", "-f", file.toString())).isZero();
    assertThat(err.toString()).contains("passwordFrom.file: for a host only");
    assertThat(run("validate", "--for", "cluster", "-f", file.toString())).isEqualTo(78);
    err.getBuffer().setLength(0);
    assertThat(run("validate", "--for", "host", "-f", file.toString())).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatOnlyAClusterHasIsAMistakeOnAHost() throws Exception {
    var file = directory.resolve("cluster.yaml");
    Files.writeString(
        file,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets:
          - name: a
            tcp: {host: a, port: 1}
            repair: [{restart: {kind: Deployment, name: a}}]
        """);
    for (var place : List.of(new String[0], new String[] {"--for", "cluster"})) {
      var line = Stream.concat(Stream.of("validate", "-f", file.toString()), Stream.of(place));
      assertThat(run(line.toArray(String[]::new))).isZero();
      assertThat(err.toString()).isEmpty();
    }
    assertThat(run("validate", "--for", "host", "-f", file.toString())).isEqualTo(78);
    assertThat(err.toString()).contains("spec.targets[0].repair[0].restart: for a cluster only");
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThat(run("validate", "-f", "/nowhere.yaml")).isEqualTo(78);
    assertThat(err.toString()).contains("there is no file /nowhere.yaml");
  }

  @Test
  void wrongUsageIsSaidWithTheNextStep() {
    assertThat(run("chekc")).isEqualTo(64);
    assertThat(err.toString()).contains("chekc").contains("--help");
    assertThat(run("check", "--enable-everything")).isEqualTo(64);
    assertThat(run("run", "-f", "x", "--listen", "nonsense", "--log-level", "LOUD")).isEqualTo(64);
    assertThat(run("operator", "--allow-address", "nonsense")).isEqualTo(64);
    assertThat(err.toString()).contains("nonsense").doesNotContain("\tat ");
  }

  @Test
  void optionsAreJudgedBeforeAnythingIsDone() {
    for (var port : new String[] {"99999", "-1", "http"}) {
      assertThat(run("operator", "--port", port)).isEqualTo(64);
      assertThat(err.toString()).contains(port).doesNotContain("\tat ");
      err.getBuffer().setLength(0);
    }
    assertThat(run("operator", "--namespace", "a", "--all-namespaces")).isEqualTo(64);
    assertThat(err.toString()).contains("exclude each other").doesNotContain("\tat ");
  }

  @Test
  void howKubeletsAreKnownIsJudgedBeforeAnythingIsDone() {
    assertThat(run("operator", "--kubelet-insecure-tls")).isEqualTo(64);
    assertThat(err.toString()).contains("which are asked only with --kubelet-stats");
    var authority = "--kubelet-certificate-authority=/nowhere/ca.crt";
    assertThat(run("operator", "--kubelet-stats", authority)).isEqualTo(64);
    assertThat(err.toString()).contains("/nowhere/ca.crt cannot be read as PEM certificates");
    assertThat(run("operator", "--kubelet-stats", authority, "--kubelet-insecure-tls"))
        .isEqualTo(64);
    assertThat(err.toString()).contains("exclude each other").doesNotContain("\tat ");
  }

  @Test
  void aMonitorThatStandsTwiceIsNamedWithBothPlaces() throws Exception {
    var first = monitor("");
    var second = directory.resolve("second.yaml");
    Files.writeString(second, "# a line\n" + Files.readString(Path.of(first)));
    assertThat(run("validate", "-f", first, "-f", second.toString())).isEqualTo(78);
    assertThat(err.toString())
        .contains(
            second
                + ":4:18: metadata.name: monitor default/test stands already in "
                + first
                + ":3");
    err.getBuffer().setLength(0);
    Files.writeString(
        second, Files.readString(Path.of(first)) + "---\n" + Files.readString(second));
    assertThat(run("validate", "-f", second.toString())).isEqualTo(78);
    assertThat(err.toString()).contains("stands already in " + second + ":3");
  }

  @Test
  void aFileThatCannotBeReadIsSaidWithItsCause() throws Exception {
    var latin = directory.resolve("latin.yaml");
    Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xe4});
    assertThat(run("validate", "-f", latin.toString())).isEqualTo(78);
    assertThat(err.toString()).contains(latin + ": it is not UTF-8 text");
    assertThat(run("validate", "-f", directory.toString())).isEqualTo(78);
    assertThat(err.toString()).contains(directory + ": it is a directory");
    assertThat(run("validate", "-f", latin + "/below.yaml")).isEqualTo(78);
    assertThat(err.toString()).contains("ot a directory").doesNotContain("permission");
  }

  @Test
  void aCheckOfNothingSaysSoAndIsUnknown() throws Exception {
    var file = Path.of(monitor(""));
    Files.writeString(file, Files.readString(file).replace("spec:", "spec:\n  suspend: true"));
    assertThat(run("check", "-f", file.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("test").contains("suspended");
    err.getBuffer().setLength(0);
    out.getBuffer().setLength(0);
    Files.writeString(
        file,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: absent}
        spec: {targets: [{name: gpu, optional: true, tcp: {host: 127.0.0.1, port: 1}}]}
        """);
    assertThat(run("check", "-f", file.toString(), "-o", "json")).isEqualTo(3);
    assertThat(err.toString()).contains("absent").contains("nothing that counts");
    assertThat(new ObjectMapper().readTree(out.toString()).path("level").asText())
        .isEqualTo("unknown");
  }

  @Test
  void aCheckShowsNoSecret() throws Exception {
    var secrets = directory.resolve("secrets");
    Files.createDirectories(secrets.resolve("web"));
    Files.writeString(secrets.resolve("web").resolve("key"), "s3cr3t-t0ken");
    server.createContext(
        "/leak",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "http://s3cr3t-t0ken.elsewhere.test/");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    for (var otherwise : new String[] {"Healthy", "Degraded"}) {
      var file =
          monitor(
              """
                - name: leak
                  http:
                    url: http://127.0.0.1:%d/leak
                    headers: [{name: X-Key, valueFrom: {secretKeyRef: {name: web, key: key}}}]
                    expect: {otherwise: %s}
              """
                  .formatted(server.getAddress().getPort(), otherwise));
      run("check", "-f", file, "--secrets", secrets.toString(), "-o", "json");
      assertThat(out.toString()).contains("elsewhere.test").doesNotContain("s3cr3t-t0ken");
      out.getBuffer().setLength(0);
    }
  }

  @Test
  void theCrdIsPrinted() {
    assertThat(run("crd")).isZero();
    assertThat(out.toString()).contains("kind: \"CustomResourceDefinition\"");
  }

  @Test
  void withoutACommandTheyAreListed() {
    assertThat(run()).isEqualTo(64);
    assertThat(err.toString()).contains("Usage: heartbeat", "operator", "check", "validate");
    err.getBuffer().setLength(0);
    assertThat(run("chek")).isEqualTo(64);
    assertThat(err.toString()).contains("check").doesNotContain("Usage:");
  }

  @Test
  void whatAColdStartMadeSlowIsLookedAtOnceMore() throws Exception {
    var looks = new AtomicInteger();
    server.createContext(
        "/cold",
        exchange -> {
          if (looks.incrementAndGet() == 1) {
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos()); // as drivers that are loaded
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    var file = monitor("");
    Files.writeString(
        Path.of(file),
        Files.readString(Path.of(file)).replace("/\"}", "/cold\"}\n    timeout: 1s"));
    assertThat(run("check", "-f", file)).as(out.toString()).isZero();
    assertThat(looks).hasValue(2);
  }

  @Test
  void ofSeveralMonitorsEachLineSaysWhose() throws Exception {
    var second = monitor("");
    Files.writeString(
        Path.of(second), Files.readString(Path.of(second)).replace("name: test", "name: other"));
    assertThat(run("check", "-f", monitor(""), "-f", second)).isZero();
    assertThat(out.toString().lines().toList())
        .hasSize(3)
        .satisfiesExactly(
            head -> assertThat(head).startsWith("MONITOR  TARGET  LEVEL"),
            line -> assertThat(line).startsWith("test     web     healthy"),
            line -> assertThat(line).startsWith("other    web     healthy"));
  }

  private String monitor(String more) throws IOException {
    var file = Files.createTempFile(directory, "monitor", ".yaml");
    Files.writeString(
        file,
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: test}
        spec:
          targets:
        """
            + "  - name: web\n    http: {url: \"http://127.0.0.1:%d/\"}\n"
                .formatted(server.getAddress().getPort())
            + more);
    return file.toString();
  }

  private int run(String... args) {
    return Typed.run(out, err, args);
  }

  @Test
  void helpIsACommandToo() {
    assertThat(run("help", "check")).isZero();
    assertThat(out.toString()).contains("Usage: heartbeat check");
  }
}
