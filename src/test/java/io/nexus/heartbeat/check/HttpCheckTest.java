package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.answering;
import static io.nexus.heartbeat.net.ScriptedServer.running;
import static io.nexus.heartbeat.net.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.HttpTarget.Scheme;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCheckTest {
  private static final int CAP = 64 * 1024;

  @ParameterizedTest
  @CsvSource({
    "200 OK, Up",
    "429 Too Many Requests, Up: rate limited",
    "404 Not Found, Impaired: HTTP 404 Not Found",
    "401 Unauthorized, Impaired: HTTP 401 Unauthorized",
    "403 Forbidden, Impaired: HTTP 403 Forbidden",
    "503 Service Unavailable, Down: HTTP 503 Service Unavailable",
  })
  void aStatusMeansWhatTheDesignSays(String status, String meaning) throws Exception {
    try (var server = answering(answer(status, ""))) {
      assertThat(to(server).words()).isEqualTo(meaning);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"401 Unauthorized", "403 Forbidden"})
  void aSecretThatIsNotAcceptedIsUnknownAndNamed(String status) throws Exception {
    try (var server = answering(answer(status, ""))) {
      assertThat(to(server).withSecret().words())
          .isEqualTo(
              "Unknown: HTTP "
                  + status
                  + ": the value of Secret gateway, key token is not accepted");
      assertThat(server.requests().getFirst()).contains("X-Key: s3cr3t\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Healthy, Up: HTTP 404 Not Found",
    "Degraded, Impaired: HTTP 404 Not Found",
    "Unknown, Unknown: HTTP 404 Not Found",
    "Critical, Down: HTTP 404 Not Found",
  })
  void whatIsNeitherRightNorAFailureIsAsTheAuthorSays(Level level, String meaning)
      throws Exception {
    try (var server = answering(answer("404 Not Found", ""))) {
      assertThat(to(server).otherwise(level).words()).isEqualTo(meaning);
    }
  }

  @Test
  void slowerThanMaxLatencyIsImpairedAndSaysHowMuch() throws Exception {
    try (var slow =
        running(
            peer -> {
              peer.setSoTimeout(120);
              try {
                peer.getInputStream().read();
              } catch (java.net.SocketTimeoutException _) {
                write(peer, answer("200 OK", "ok"));
              }
            })) {
      assertThat(to(slow).within(Duration.ofMillis(100)).words())
          .matches("Impaired: took [0-9.]+ m?s, more than 100 ms");
      assertThat(to(slow).within(Duration.ofSeconds(9)).words()).isEqualTo("Up");
    }
  }

  @Test
  void theBodyMustContainWhatIsAskedFor() throws Exception {
    try (var server = answering(answer("200 OK", "{\"status\": \"ok\"}"))) {
      assertThat(to(server).containing("\"status\": \"ok\"").words()).isEqualTo("Up");
      assertThat(to(server).containing("maintenance").words())
          .isEqualTo("Impaired: the answer does not contain \"maintenance\"");
    }
  }

  @Test
  void theBodyIsLookedAtForItsFirst64KiBAndNoFurther() throws Exception {
    try (var last = answering(answer("200 OK", "x".repeat(CAP - 2) + "ok and more"));
        var beyond = answering(answer("200 OK", "x".repeat(CAP - 1) + "ok and more"))) {
      assertThat(to(last).containing("ok").words()).isEqualTo("Up");
      assertThat(to(beyond).containing("ok").words())
          .isEqualTo("Impaired: the answer does not contain \"ok\" in its first 64 KiB");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"})
  void aByteASecondEndsWithTheTimeout(String beginning) throws Exception {
    // Thrice, for a busy machine may stall us; what were wrong with us would be so each time.
    var late = Duration.ofDays(1);
    for (var tries = 0; tries < 3 && late.compareTo(Duration.ofMillis(100)) > 0; tries++) {
      late = lateness(beginning);
    }
    assertThat(late).isBetween(Duration.ZERO, Duration.ofMillis(100));
  }

  private static Duration lateness(String beginning) throws Exception {
    var timeout = Duration.ofMillis(1300);
    try (var server =
            running(
                peer -> {
                  write(peer, beginning);
                  ScriptedServer.drip(peer, beginning.equals("H") ? "T" : "x", 1000);
                });
        var deadlines = new Deadlines()) {
      var http = to(server).containing("never");
      var begun = System.nanoTime();
      Reading reading;
      long ended;
      try (var deadline = deadlines.start(timeout)) {
        reading = http.read(deadline);
        ended = System.nanoTime();
      }
      assertThat(HttpProbing.words(reading)).isEqualTo("Down: timed out after 1.3 s");
      return Duration.ofNanos(ended - begun).minus(timeout);
    }
  }

  @Test
  void oneDeadEndpointOfAServiceIsNamed() throws Exception {
    var gone = answering("");
    gone.close();
    try (var server = answering(answer("200 OK", ""))) {
      assertThat(behind(endpoint("gateway-a", server), endpoint("gateway-b", gone)))
          .isEqualTo("Impaired: 1 of 2 endpoints down: pod gateway-b: connection refused");
    }
    assertThat(behind(endpoint("gateway-b", gone))).isEqualTo("Down: connection refused");
    assertThat(behind()).isEqualTo("Down: service gateway has no endpoints");
  }

  private static String behind(Endpoints.Endpoint... endpoints) throws InterruptedException {
    var service = new ServiceRef("gateway", new IntOrString(8000), Scheme.HTTP);
    return HttpProbing.of(service, _ -> List.of(endpoints)).words();
  }

  private static Endpoints.Endpoint endpoint(String name, ScriptedServer server) {
    return new Endpoints.Endpoint(name, "127.0.0.1", server.port(), name + "-uid");
  }

  private static HttpProbing to(ScriptedServer server) {
    return HttpProbing.of("http://gateway.test:" + server.port() + "/health");
  }

  private static String answer(String status, String body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }
}
