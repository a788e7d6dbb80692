package io.nexus.heartbeat.standalone.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.standalone.Diagnosis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts stand in for systemctl and pkcheck; the real ones are tried by packaging/test-systemd.
 */
class RepairCheckupTest {
  private static final SystemdRestart GATEWAY = new SystemdRestart("gateway");

  @TempDir private Path directory;

  @BeforeEach
  void start() throws IOException {
    program(
        "systemctl",
        """
        [ "$4" != restart ] || touch "$(dirname "$0")/restarted"
        printf 'Type=simple\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nMainPID=17\\n'
        """);
  }

  @Test
  void onlyRootIsToldWhetherTheServiceMay() throws Exception {
    program("pkcheck", "echo \"$@\" > $(dirname $0)/asked; exit 0");
    assertThat(found(false).words()).contains("polkit tells that only root");
    assertThat(directory.resolve("asked")).doesNotExist();
    assertThat(found(true))
        .isEqualTo(
            new Diagnosis(
                "repair of gateway.service",
                "gateway.service is active (running); the service may restart it",
                ""));
    assertThat(directory.resolve("asked"))
        .hasContent(
            "--action-id org.freedesktop.systemd1.manage-units --process 17 --detail unit"
                + " gateway.service --detail verb restart");
    assertThat(directory.resolve("restarted")).doesNotExist();
  }

  @Test
  void whatPolkitRefusesHasItsRemedy() throws Exception {
    program("pkcheck", "exit 2");
    var found = found(true);
    assertThat(found.isWell()).isFalse();
    assertThat(found.words()).endsWith("the service (process 17) may not restart it");
    assertThat(found.fix()).startsWith("name gateway.service in heartbeat.rules");
  }

  @Test
  void whatIsInTheWayIsSaid() throws Exception {
    program("systemctl", "printf 'LoadState=masked\\nActiveState=inactive\\n'");
    assertThat(found(false).words()).startsWith("gateway.service is masked");
    program("systemctl", "echo 'System has not been booted with systemd' >&2; exit 1");
    assertThat(found(true).words()).contains("not been booted");
    assertThat(found(true).isWell()).isFalse();
  }

  @Test
  void aProgramIsOnlyLookedFor() throws Exception {
    try (var deadlines = new Deadlines()) {
      var checkup = checkup(deadlines, false);
      assertThat(checkup.of(new Command(List.of("/no/such"), null)).isWell()).isFalse();
      assertThat(checkup.of(new Command(List.of("/bin/sh", "-c", "exit 1"), null)).isWell())
          .isTrue();
    }
  }

  private Diagnosis found(boolean root) throws InterruptedException {
    try (var deadlines = new Deadlines()) {
      return checkup(deadlines, root).of(GATEWAY);
    }
  }

  private RepairCheckup checkup(Deadlines deadlines, boolean root) {
    return new RepairCheckup(deadlines, text -> text, directory.toString(), root);
  }

  private void program(String name, String script) throws IOException {
    var program = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
