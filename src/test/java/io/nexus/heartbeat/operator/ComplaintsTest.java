package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
  private static final Instant EARLIER = Instant.parse("2026-11-24T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-24T01:00:00Z");

  private final List<MonitorStatus> written = new ArrayList<>();
  private final Complaints complaints = new Complaints(new Store(), () -> NOW);

  @Test
  void ofAMonitorThatIsNotProcessedNothingIsCalledHealthyAnyMore() {
    complaints.unreadable(monitor(healthy()));

    assertThat(written).singleElement().satisfies(ComplaintsTest::isUnknown);
    assertThat(written.getFirst().conditions())
        .extracting(Condition::getType, Condition::getStatus, Condition::getReason)
        .containsExactlyInAnyOrder(
            tuple("Ready", "False", "Unreadable"),
            tuple("Healthy", "Unknown", "NotProcessed"),
            tuple("AlertsDelivered", "True", "Delivered"));
  }

  private static void isUnknown(MonitorStatus status) {
    assertThat(status.level()).isEqualTo(Level.Unknown);
    assertThat(status.message()).isEqualTo("spec: is missing");
    assertThat(status.summary().healthy()).isEmpty();
    assertThat(status.lastChangeTime()).isEqualTo(NOW);
  }

  @Test
  void whatWasSaidIsNotSaidAgain() {
    complaints.unreadable(monitor(healthy()));
    complaints.unreadable(monitor(written.getFirst()));

    assertThat(written).hasSize(1);
  }

  private static UnreadableMonitor monitor(MonitorStatus status) {
    var monitor = new UnreadableMonitor("spec: is missing");
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName("shop")
            .withUid("uid")
            .withGeneration(2L)
            .build());
    monitor.setStatus(status);
    return monitor;
  }

  private static MonitorStatus healthy() {
    return new MonitorStatus(
        1L,
        Level.Healthy,
        "",
        new MonitorStatus.Summary("7/7", ""),
        EARLIER,
        List.of(
            condition("Ready", "Watching"),
            condition("Healthy", "TargetsHealthy"),
            condition("AlertsDelivered", "Delivered")),
        List.of(),
        List.of(),
        MonitorState.NONE);
  }

  private static Condition condition(String type, String reason) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason(reason)
        .withMessage("")
        .withLastTransitionTime(EARLIER.toString())
        .withObservedGeneration(1L)
        .build();
  }

  private final class Store implements StatusStore {
    @Override
    public Optional<HeartbeatMonitor> read(MonitorKey key) {
      return Optional.empty();
    }

    @Override
    public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status) {
      written.add(status);
      return decidedOn;
    }
  }
}
