package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.MonitorStatus.Summary;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  @Test
  void sharesAreAddedAndTheWorstSpeaks() {
    var well = monitor("a", Level.Healthy, "3/3", "");
    var ill = monitor("b", Level.Critical, "6/8", "gateway: refused");
    assertThat(StatusLine.of(List.of(ill), false, Optional.empty()))
        .isEqualTo("6/8, gateway: refused");
    assertThat(StatusLine.of(List.of(well, ill, Optional.empty()), false, Optional.empty()))
        .isEqualTo("9/11, default/b gateway: refused");
  }

  @Test
  void anEditThatIsNotUsedAndASilenceAreSaid() {
    var well = monitor("a", Level.Healthy, "3/3", "");
    assertThat(StatusLine.of(List.of(well), true, Optional.of("no space left")))
        .isEqualTo(
            "nobody is told: no space left; before that 3/3; the last edit of the files is not used,"
                + " see the log");
  }

  @Test
  void whatSomebodyElseWroteIntoTheStateBreaksNothing() {
    assertThat(
            StatusLine.of(
                List.of(monitor("a", Level.Healthy, "99999999999/x", "")), false, Optional.empty()))
        .isEqualTo("0/0");
  }

  private static Optional<HeartbeatMonitor> monitor(
      String name, Level level, String healthy, String message) {
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName(name).build());
    monitor.setStatus(
        new MonitorStatus(
            1L,
            level,
            message,
            new Summary(healthy, ""),
            null,
            List.of(),
            List.of(),
            List.of(),
            MonitorState.NONE));
    return Optional.of(monitor);
  }
}
