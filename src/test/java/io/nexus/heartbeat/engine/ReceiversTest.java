package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Alerts;
import io.nexus.heartbeat.api.Alerts.Events;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiversTest {
  private static final Receiver STANDING =
      new Receiver("events", Level.Degraded, null, new Events());
  private static final Receiver OPS = new Receiver("ops", Level.Degraded, null, null);

  @Test
  void eventsAreWrittenWithoutBeingNamed() {
    assertThat(Receivers.of(naming(OPS), List.of(STANDING))).containsExactly(OPS, STANDING);
  }

  @Test
  void whoeverWritesEventsMeansTheOneReceiverOfThatKindByWhateverName() {
    var k8s = new Receiver("k8s", Level.Critical, null, new Events());
    assertThat(Receivers.of(naming(OPS, k8s), List.of(STANDING))).containsExactly(OPS, k8s);
  }

  private static MonitorSpec naming(Receiver... receivers) {
    return new MonitorSpec(
        null, null, false, null, List.of(), null, new Alerts(List.of(receivers)));
  }
}
