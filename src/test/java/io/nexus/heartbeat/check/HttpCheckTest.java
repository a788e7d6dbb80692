package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.answering;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.HttpTarget.Scheme;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpCheckTest {
  @ParameterizedTest
  @CsvSource({
    "200 OK, Up",
    "429 Too Many Requests, Up",
    "404 Not Found, 'Impaired: HTTP 404 Not Found'",
    "503 Service Unavailable, 'Down: HTTP 503 Service Unavailable'",
    "302 Found, 'Impaired: redirects to another host, evil.example, which is not followed'",
  })
  void aStatusMeansWhatTheDesignSays(String status, String meaning) throws Exception {
    try (var server = answering(answer(status))) {
      var url = "http://127.0.0.1:" + server.port() + "/health";
      assertThat(words(read(url, null, Endpoints.NONE))).isEqualTo(meaning);
    }
  }

  @Test
  void oneDeadEndpointOfAServiceIsNamed() throws Exception {
    var gone = answering("");
    gone.close();
    try (var server = answering(answer("200 OK"))) {
      Endpoints two = _ -> List.of(endpoint("gateway-a", server), endpoint("gateway-b", gone));
      assertThat(words(read(null, service(), two)))
          .isEqualTo("Impaired: 1 of 2 endpoints down: pod gateway-b: connection refused");
    }
    assertThat(words(read(null, service(), _ -> List.of(endpoint("gateway-b", gone)))))
        .isEqualTo("Down: connection refused");
    assertThat(words(read(null, service(), _ -> List.of())))
        .isEqualTo("Down: service gateway has no endpoints");
  }

  private static Endpoints.Endpoint endpoint(String name, ScriptedServer server) {
    return new Endpoints.Endpoint(name, "127.0.0.1", server.port());
  }

  private static ServiceRef service() {
    return new ServiceRef("gateway", new IntOrString(8000), Scheme.HTTP);
  }

  private static String answer(String status) {
    return "HTTP/1.1 " + status + "\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n";
  }

  private static String words(Reading reading) {
    return switch (reading) {
      case Reading.Up _ -> "Up";
      case Reading.Impaired i -> "Impaired: " + i.cause();
      case Reading.Down d -> "Down: " + d.cause();
      case Reading.Unknown u -> "Unknown: " + u.why();
    };
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private static Reading read(@Nullable String url, @Nullable ServiceRef service, Endpoints of)
      throws InterruptedException {
    var target = new HttpTarget(url, service, null, null, null, null, null, null);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      return HttpCheck.of(
              target, new Surroundings(TestNet.loopback(), Secrets.NONE, of, Clients.create()))
          .run(deadline);
    }
  }
}
