package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.repair.RepairCheckup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"0, true", "29, true", "-29, true", "31, false", "-31, false"})
  void aClockThatIsWrongIsFoundByAReceiversOwn(long ahead, boolean well) throws Exception {
    var clock = finding(NOW.minusSeconds(ahead));
    assertThat(clock.isWell()).isEqualTo(well);
    if (!well) {
      assertThat(clock.words())
          .isEqualTo(ahead < 0 ? "31 s behind the receiver's" : "31 s ahead of the receiver's");
      assertThat(clock.fix()).contains("NTP");
    }
  }

  @Test
  void everySecretOfAMonitorIsFoundWithItsField() {
    var monitor =
        MonitorFile.parse(
                "m",
                """
                apiVersion: heartbeat.nexus.io/v1alpha1
                kind: HeartbeatMonitor
                metadata: {name: m}
                spec:
                  targets:
                  - name: web
                    http: {url: "http://a", headers: [{name: A, valueFrom: {env: {name: A}}}]}
                  - {name: db, postgres: {urlFrom: {file: {path: /db}}}}
                  alerts:
                    receivers:
                    - {name: ops, telegram: {chatId: "1", botTokenFrom: {secretKeyRef: {name: t, key: k}}}}
                """)
            .monitors()
            .getFirst();
    assertThat(SecretUse.of(monitor))
        .extracting(SecretUse::field)
        .containsExactly(
            "targets[web].http.headers[A].valueFrom",
            "targets[db].postgres.urlFrom",
            "alerts.receivers[ops].telegram.botTokenFrom");
  }

  private Diagnosis finding(Instant providersTime) throws InterruptedException {
    var monitor =
        MonitorFile.parse(
                "m",
                """
                apiVersion: heartbeat.nexus.io/v1alpha1
                kind: HeartbeatMonitor
                metadata: {name: m, namespace: nexus}
                spec:
                  targets: [{name: d, suspend: true, disk: {path: /}}]
                  alerts: {receivers: [{name: ops, events: {}}]}
                """)
            .monitors();
    try (var deadlines = new Deadlines();
        var clients = Clients.create()) {
      var surroundings =
          new Surroundings(
              VettedDialer.ofThisMachine(AddressPolicy.host()),
              Secrets.NONE,
              Endpoints.NONE,
              clients);
      var clock = InstantSource.fixed(NOW);
      var doctor =
          new Doctor(
              new Doctor.Practice(
                  new OneCheck(surroundings, deadlines, clock, text -> text),
                  Secrets.NONE,
                  new FileSecrets(null, null, Map.of()),
                  (_, _) -> new Clock(providersTime),
                  deadlines,
                  clock,
                  text -> text,
                  new RepairCheckup(deadlines, text -> text, "", false)));
      var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return doctor.examine(monitor, directory, listen, "--listen").stream()
          .filter(one -> one.subject().equals("clock"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** A receiver that tells the time. */
  private record Clock(Instant time) implements Channel {
    @Override
    public Answer send(Notice notice, Deadline deadline) {
      throw new AssertionError("nobody is to be told");
    }

    @Override
    public Optional<Trial> tryOut(Deadline deadline) {
      return Optional.of(new Trial("fine", "", time));
    }

    @Override
    public String destination() {
      return "clock";
    }

    @Override
    public String kind() {
      return "clock";
    }
  }
}
