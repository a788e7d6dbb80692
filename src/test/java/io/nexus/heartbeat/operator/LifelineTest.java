package io.nexus.heartbeat.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator with nothing left to watch is not well when that is because it is cut off. */
class LifelineTest {
  private static final String NONE =
      "{\"apiVersion\":\"heartbeat.nexus.io/v1alpha1\",\"kind\":\"HeartbeatMonitorList\",\"items\":[]}";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer api;
  private final KubernetesClient client;
  private final Lifeline lifeline;
  private volatile int status = 200;
  private Instant now = Instant.EPOCH;

  LifelineTest() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          var body = (status == 200 ? NONE : "404 page not found").getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    api.start();
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + api.getAddress().getPort())
            .build();
    client = ApiServer.connect(config, "test");
    var settings = new Settings(List.of("a", "b"), false, null, List.of(), 0, "test", "test");
    lifeline = new Lifeline(client, settings, () -> now);
  }

  @AfterEach
  void stop() {
    lifeline.close();
    client.close();
    api.stop(0);
  }

  @Test
  void itAsksForAsLittleAsThereIsInEachNamespace() {
    lifeline.look();
    assertThat(asked)
        .containsExactly(
            "/apis/heartbeat.nexus.io/v1alpha1/namespaces/a/heartbeatmonitors?limit=1",
            "/apis/heartbeat.nexus.io/v1alpha1/namespaces/b/heartbeatmonitors?limit=1");
    assertThat(lifeline.trouble()).isEmpty();
  }

  @Test
  void aResourceThatIsGoneIsSaidAfterAMinuteAndNoLongerOnceItIsBack() {
    status = 404;
    lifeline.look();
    after(Duration.ofSeconds(59));
    assertThat(lifeline.trouble()).as("an API server that restarts").isEmpty();
    after(Duration.ofSeconds(1));
    assertThat(lifeline.trouble().orElseThrow())
        .contains("does not know the resource", "heartbeat crd | kubectl apply");
    status = 200;
    lifeline.look();
    assertThat(lifeline.trouble()).isEmpty();
  }

  @Test
  void anApiServerThatIsGoneIsSaid() {
    api.stop(0);
    lifeline.look();
    after(Duration.ofMinutes(1));
    assertThat(lifeline.trouble().orElseThrow()).contains("the API server does not answer");
  }

  private void after(Duration time) {
    now = now.plus(time);
    lifeline.look();
  }
}
