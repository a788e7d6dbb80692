package io.nexus.heartbeat.api.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MonitorFileTest {
  private static final String EXPECT = "# expect: ";

  static Stream<Path> bad() throws IOException {
    // Of what is for a host only the API server knows no more than that it is unknown.
    return Stream.concat(files("bad"), files("bad-on-a-host"));
  }

  static Stream<Path> good() throws IOException {
    return files("good");
  }

  static Stream<Path> host() throws IOException {
    return files("host");
  }

  private static Stream<Path> files(String directory) throws IOException {
    try (var files = Files.list(Path.of("src/test/resources", directory))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadFileIsRefusedWithTheFieldOrTheRemedy(Path file) throws IOException {
    var text = Files.readString(file);
    var expected = text.lines().findFirst().orElseThrow().substring(EXPECT.length());
    var result = MonitorFile.parse(file.getFileName().toString(), text);
    assertThat(result.monitors()).isEmpty();
    assertThat(result.findings()).anySatisfy(f -> assertThat(f.toString()).contains(expected));
    assertThat(result.findings()).noneSatisfy(f -> assertThat(f.toString()).contains("secret@"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void aGoodFileGivesItsMonitors(Path file) throws IOException {
    var result = MonitorFile.parse(file.getFileName().toString(), Files.readString(file));
    assertThat(result.findings()).isEmpty();
    assertThat(result.monitors()).hasSize(1);
  }

  @Test
  void everyMistakeIsFoundAtOnceWithItsPlace() {
    var result =
        MonitorFile.parse(
            "m.yaml",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: m}
            spec:
              interval: soon
              targets:
              - name: a
                redsi: {url: redis://a}
              - name: a
                tcp: {host: a, port: 1, port: 2}
            """);
    assertThat(result.findings().stream().map(Finding::toString))
        .anyMatch(f -> f.startsWith("m.yaml:5:13: spec.interval: 'soon' is not a duration"))
        .anyMatch(
            f ->
                f.equals(
                    "m.yaml:8:5: spec.targets[0].redsi: unknown field 'redsi'; did you mean"
                        + " 'redis'?"))
        .anyMatch(f -> f.startsWith("m.yaml:9:11: spec.targets[1].name: Duplicate value"))
        .anyMatch(f -> f.startsWith("m.yaml:10:29: spec.targets[1].tcp.port: written twice"));
  }

  @Test
  void aReferenceToNothingIsToldAtItsPlaceWithTheNearestName() {
    assertThat(found("targets: [{name: redis, tcp: &t {host: a, port: 1}},", "dependsOn: [rediss]"))
        .containsExactly(
            "m.yaml:6:36: spec.targets[1].dependsOn[0]: 'rediss' is no target of this monitor; did"
                + " you mean 'redis'?");
  }

  @ParameterizedTest
  @MethodSource("host")
  void aFileForAHostGivesItsMonitors(Path file) throws IOException {
    var result = MonitorFile.parse(file.getFileName().toString(), Files.readString(file));
    assertThat(result.findings()).isEmpty();
    assertThat(result.monitors()).hasSize(1);
    assertThat(result.hostOnly()).isNotEmpty();
  }

  @Test
  void whatIsForAHostOnlyIsReadAndNamedWithItsPlace() {
    var file = MonitorFile.parse("m.yaml", withPassword("{env: {name: REDIS_PASSWORD}}"));
    assertThat(file.findings()).isEmpty();
    assertThat(file.monitors()).hasSize(1);
    assertThat(file.hostOnly())
        .singleElement()
        .hasToString(
            "m.yaml:5:64: spec.targets[0].redis.passwordFrom.env: for a host only (run and check);"
                + " the operator refuses it");
  }

  @Test
  void whatOnlyAClusterHasIsReadAndNamedWithItsPlace() {
    var file =
        MonitorFile.parse(
            "m.yaml",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: m}
            spec:
              targets:
              - name: a
                http: {service: {name: a, port: 80}}
                repair: [{restart: {kind: Deployment, name: a}}, {systemdRestart: {unit: a}}]
              - {name: b, workload: {kind: Deployment, name: b}}
            """);
    assertThat(file.findings()).isEmpty();
    assertThat(file.clusterOnly().stream().map(Finding::toString))
        .containsExactly(
            "m.yaml:7:12: spec.targets[0].http.service: for a cluster only (operator); without"
                + " Kubernetes it does nothing",
            "m.yaml:8:15: spec.targets[0].repair[0].restart: for a cluster only (operator); without"
                + " Kubernetes it does nothing",
            "m.yaml:9:15: spec.targets[1].workload: for a cluster only (operator); without"
                + " Kubernetes it does nothing");
    assertThat(file.hostOnly())
        .singleElement()
        .asString()
        .startsWith("m.yaml:8:55: spec.targets[0].repair[1].systemdRestart: for a host only");
  }

  @Test
  void ofWhatAHostHasBesidesExactlyOneIsRightToo() {
    for (var wrong : new String[] {"{env: {name: A}, file: {path: /a}}", "{}"}) {
      assertThat(MonitorFile.parse("m.yaml", withPassword(wrong)).findings().toString())
          .contains("exactly one of secretKeyRef, env and file must be set");
    }
  }

  private static String withPassword(String from) {
    return """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets: [{name: a, redis: {url: "redis://a", passwordFrom: %s}}]
        """
        .formatted(from);
  }

  @Test
  void aDatabaseThatIsNoneIsToldAtItsPlaceWithTheNearestName() {
    var text =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets:
          - {name: postgres, postgres: {host: db}}
          - {name: agents, agents: {database: postgers}}
          - {name: more, agents: {database: agents}}
        """;
    assertThat(MonitorFile.parse("m.yaml", text).findings().stream().map(Finding::toString))
        .containsExactly(
            "m.yaml:7:39: spec.targets[1].agents.database: 'postgers' is no postgres target of this"
                + " monitor; did you mean 'postgres'?",
            "m.yaml:8:37: spec.targets[2].agents.database: 'agents' is no postgres target of this"
                + " monitor; right would be postgres");
  }

  @Test
  void aTimeZoneThatIsNoneIsToldWithTheNearestNameOrCity() {
    assertThat(zone("Berlin")).endsWith("did you mean 'Europe/Berlin'?");
    assertThat(zone("Europe/Berln")).endsWith("did you mean 'Europe/Berlin'?");
    assertThat(zone("new_york")).endsWith("did you mean 'America/New_York'?");
    assertThat(zone("Atlantis/Capital")).endsWith("right would be such as Europe/Berlin");
    assertThat(zone("Europe/Berlin")).isEmpty();
  }

  /** What is said of the time zone of a budget. */
  private static String zone(String name) {
    var text =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m, labels: {timeZone: none}}
        spec:
          targets:
          - {name: db, postgres: {host: db}}
          - {name: a, tokenBudget: {database: db, dailyLimit: 1, degraded: 80, timeZone: %s}}
        """
            .formatted(name);
    return MonitorFile.parse("m.yaml", text).findings().stream()
        .map(Finding::toString)
        .collect(Collectors.joining());
  }

  @Test
  void aLimitThatIsNoneIsToldWithWhatWouldBeRight() {
    var text =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          targets:
          - {name: db, postgres: {host: db}}
          - {name: a, tokenBudget: {database: db, dailyLimit: 1, degraded: most}}
        """;
    assertThat(MonitorFile.parse("m.yaml", text).findings().stream().map(Finding::toString))
        .containsExactly(
            "m.yaml:7:68: spec.targets[1].tokenBudget.degraded: 'most' is no limit; right would be"
                + " 80, 80%, 512Mi or 2s");
  }

  @Test
  void aMistakeInAnExpressionIsToldWhereItStands() {
    var http = "targets: [{name: a, http: &t {url: 'http://a/'}},";
    assertThat(foundInHttp(http, "when: {degraded: \"up && jsn.depth > 1\"}"))
        .containsExactly(
            "m.yaml:6:49: spec.targets[1].when.degraded: 'jsn' is unknown; did you mean 'json'?");
    assertThat(foundInHttp(http, "when: {degraded: \"up &&\n\n    jsn.depth > 1\"}"))
        .containsExactly(
            "m.yaml:6:42: spec.targets[1].when.degraded: 'jsn' is unknown; did you mean 'json'? (in"
                + " its line 2)");
  }

  private static Stream<String> foundInHttp(String first, String second) {
    var text =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          %s
            {name: b, http: *t, %s}]
        """
            .formatted(first, second);
    return MonitorFile.parse("m.yaml", text).findings().stream().map(Finding::toString);
  }

  @Test
  void aRingIsToldWhereItBegins() {
    assertThat(
            found(
                "targets: [{name: a, dependsOn: [b], tcp: &t {host: a, port: 1}},",
                "dependsOn: [a]"))
        .containsExactly(
            "m.yaml:5:35: spec.targets[0].dependsOn[0]: dependsOn goes round in a ring: a → b → a;"
                + " remove one of these");
  }

  /** A monitor whose second target, b, has that line. */
  private static Stream<String> found(String first, String second) {
    var text =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec:
          %s
            {name: b, tcp: *t, %s}]
        """
            .formatted(first, second);
    return MonitorFile.parse("m.yaml", text).findings().stream().map(Finding::toString);
  }

  @Test
  void aTokenInTheWrongPlaceIsNotRepeated() {
    for (var pasted :
        new String[] {
          "{secretKeyRef: {name: 's3cr3t!', key: k}}",
          "{secretKeyRef: {name: n, key: 's3cr3t!'}}",
          "{secretKeyRef: 's3cr3t!'}",
          "{'s3cr3t!'}",
          "{'s3cr3t!', 's3cr3t!'}",
          "'s3cr3t!'",
          "{secretKeyRef: {name: n, key: k, 's3cr3t!': k}}"
        }) {
      var text =
          """
          apiVersion: heartbeat.nexus.io/v1alpha1
          kind: HeartbeatMonitor
          metadata: {name: m}
          spec:
            targets: [{name: a, redis: {url: "redis://a", passwordFrom: %s}}]
          """
              .formatted(pasted);
      var findings = MonitorFile.parse("m.yaml", text).findings();
      assertThat(findings).as(pasted).isNotEmpty();
      assertThat(findings.toString()).doesNotContain("s3cr3t");
    }
  }

  @Test
  void whatCannotBeReadIsAFindingAndNoStackTrace() {
    var text =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: m}
        spec: {targets: [{name: a, tcp: {host: a, port: 1}}]}
        status:
          lastChangeTime: yesterday at ten o'clock
        """;
    assertThat(MonitorFile.parse("m.yaml", text).findings())
        .singleElement()
        .satisfies(
            f -> assertThat(f.toString()).startsWith("m.yaml:6:19: status.lastChangeTime: "));
  }

  @Test
  void brokenYamlIsToldWithItsPlace() {
    var result = MonitorFile.parse("m.yaml", "spec:\n  targets: [a\n");
    assertThat(result.findings()).singleElement().satisfies(f -> assertThat(f.line()).isEqualTo(3));
  }

  @Test
  void anAliasBombIsRefused() {
    var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (var i = 1; i < 9; i++) {
      var before = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(i, i, String.join(",", java.util.Collections.nCopies(10, before))));
    }
    var text =
        "apiVersion: heartbeat.nexus.io/v1alpha1\nkind: HeartbeatMonitor\nmetadata:\n"
            + bomb.toString().indent(2);
    assertThat(MonitorFile.parse("m.yaml", text).findings()).isNotEmpty();
  }

  @Test
  void whatIsNestedWithoutEndIsAMistakeInTheFile() {
    for (var text : List.of("[".repeat(20_000), "{a: ".repeat(20_000), "- ".repeat(20_000))) {
      assertThat(MonitorFile.parse("m.yaml", text).findings())
          .singleElement()
          .satisfies(f -> assertThat(f.toString()).startsWith("m.yaml:1:").contains("nested too"));
    }
  }
}
