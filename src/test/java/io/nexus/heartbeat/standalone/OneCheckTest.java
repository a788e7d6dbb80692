package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneCheckTest {
  @TempDir private Path directory;

  @Test
  void aPluginThatIsSlowAndNotWellIsRunOnce() throws Exception {
    var runs = directory.resolve("runs");
    var monitors =
        MonitorFile.parse(
                "m.yaml",
                """
                apiVersion: heartbeat.nexus.io/v1alpha1
                kind: HeartbeatMonitor
                metadata: {name: m}
                spec:
                  targets:
                  - name: a
                    plugin: {command: [/bin/sh, -c, 'echo run >> %s; sleep 0.5; echo "3 wait|depth=3"; exit 1'], measurements: [depth]}
                    thresholds: [{measurement: depth, critical: 3}]
                """
                    .formatted(runs))
            .monitors();
    try (var deadlines = new Deadlines();
        var clients = Clients.create()) {
      var surroundings =
          new Surroundings(
              VettedDialer.ofThisMachine(AddressPolicy.host()),
              Secrets.NONE,
              Endpoints.NONE,
              clients);
      var check = new OneCheck(surroundings, deadlines, InstantSource.system(), text -> text);
      assertThat(check.of(monitors))
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.level()).isEqualTo(Level.Critical);
                assertThat(found.assessment().message())
                    .isEqualTo("3 wait; depth is 3, at or above 3");
              });
    }
    assertThat(Files.readAllLines(runs)).hasSize(1);
  }
}
