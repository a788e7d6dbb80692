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
import io.nexus.heartbeat.web.Readers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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

  @Test
  void whatOnlyARestartMendsIsWhatAProbeOfLivenessSees() throws Exception {
    var broken = new AtomicReference<Optional<String>>(Optional.empty());
    try (var machinery = new Machinery("test", new Mask());
        var client = HttpClient.newHttpClient()) {
      var address =
          machinery.serve(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              "--port",
              _ -> new Readers.Admission.Denied(""),
              broken::get,
              Optional::empty);
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/healthz"))
              .build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

      broken.set(Optional.of("the watch has ended"));

      var answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("the watch has ended\n");
    }
  }
}
