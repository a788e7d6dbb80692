package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.posix.NotifyListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SystemdTest {
  @TempDir private Path directory;

  @Test
  void whoListensIsToldWordForWordAndTheStatusOnlyWhenItChanges() throws Throwable {
    var path = directory.resolve("notify");
    try (var listener = new NotifyListener(path)) {
      var systemd =
          Systemd.of(Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "3000000"));
      systemd.ready();
      systemd.status("7/9, gateway: zu langsam — über 2 s");
      systemd.status("7/9, gateway: zu langsam — über 2 s");
      systemd.alive();
      systemd.stopping();
      assertThat(listener.next()).contains("READY=1");
      assertThat(listener.next()).contains("STATUS=7/9, gateway: zu langsam — über 2 s");
      assertThat(listener.next()).contains("WATCHDOG=1");
      assertThat(listener.next()).contains("STOPPING=1");
      assertThat(listener.next()).isEmpty();
      assertThat(systemd.watchdog()).contains(Duration.ofSeconds(3));
    }
  }

  @Test
  void aStatusOfSeveralLinesForgesNoOtherMessage() throws Throwable {
    var path = directory.resolve("notify");
    try (var listener = new NotifyListener(path)) {
      Systemd.of(Map.of("NOTIFY_SOCKET", path.toString())).status("bad\nWATCHDOG=trigger");
      assertThat(listener.next()).contains("STATUS=bad WATCHDOG=trigger");
    }
  }

  @Test
  void theWatchdogOfAnotherProcessIsNotOurs() {
    var environment =
        Map.of("NOTIFY_SOCKET", "/nowhere", "WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "1");
    assertThat(Systemd.of(environment).watchdog()).isEmpty();
  }

  @Test
  void aSocketThatIsNotThereStopsNothing() {
    var systemd = Systemd.of(Map.of("NOTIFY_SOCKET", directory.resolve("gone").toString()));
    systemd.ready();
    systemd.status("1/1");
    assertThat(systemd.watchdog()).isEmpty();
  }
}
