package io.nexus.heartbeat.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.api.Alerts.Events;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;
import org.junit.jupiter.api.Test;

class MachineryTest {
  @Test
  void eventsAreLinesOfTheLogWhereThereIsNoKubernetes() {
    try (var machinery = new Machinery("test", new Mask())) {
      var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
      var events = new Receiver("k8s", Level.Critical, null, new Events());
      assertThat(machinery.channel("default", events, Secrets.NONE, dialer))
          .isInstanceOf(LogChannel.class);
    }
  }
}
