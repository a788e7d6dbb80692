package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.WebSocketProbing.TOKEN;
import static io.nexus.heartbeat.check.WebSocketProbing.to;
import static io.nexus.heartbeat.net.ScriptedServer.answering;
import static io.nexus.heartbeat.net.ws.WsPeer.serving;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.WebSocketTarget.TokenIn;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ws.WsPeer;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WebSocketCheckTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final String PING = "{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}";

  private final List<String> heads = new CopyOnWriteArrayList<>();

  /** The platform's gateway. */
  private ScriptedServer gateway() {
    return serving(this::gateway);
  }

  private void gateway(WsPeer peer) throws Exception {
    heads.add(peer.head());
    peer.opens().text("{\"type\":\"event\",\"event\":\"connected\",\"clients\":3}");
    peer.frame(0x89, "alive?".getBytes("US-ASCII"));
    var pong = false;
    var asked = false;
    while (true) {
      var frame = peer.read();
      switch (frame.opcode()) {
        case 10 -> pong = frame.text().equals("alive?");
        case 1 -> asked = frame.text().equals(PING);
        case 9 -> {
          peer.frame(0x8a, frame.text().getBytes("ISO-8859-1"));
          peer.obliging();
          return;
        }
        default -> throw new IllegalStateException(frame.toString());
      }
      if (asked && pong) {
        asked = false;
        peer.text("{\"type\":\"event\",\"event\":\"tick\"}");
        peer.text("{\"type\":\"res\",\"id\":\"1\",\"ok\":true,\"payload\":{}}");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePlatformsGatewayIsUpWhenItGreetsAnswersAndPongs(TokenIn where) throws Exception {
    try (var gateway = gateway()) {
      var reading =
          to(gateway).token(where).expecting("connected").sending(PING, "\"ok\":true").read();

      assertThat(HttpProbing.words(reading)).isEqualTo("Up");
      var measured = ((Reading.Up) reading).measurements();
      assertThat(measured.words()).containsEntry("status", "101");
      assertThat(measured.numbers())
          .containsOnlyKeys("latency", "handshakeLatency", "firstFrameLatency");
      assertThat(measured.numbers().get("latency"))
          .isGreaterThanOrEqualTo(
              measured.numbers().get("handshakeLatency")
                  + measured.numbers().get("firstFrameLatency"));
    }
    assertThat(heads).hasSize(1);
    assertThat(heads.getFirst())
        .contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
        .contains("\r\nSec-WebSocket-Version: 13\r\n");
    if (where == TokenIn.Header) {
      assertThat(heads.getFirst())
          .startsWith("GET /ws HTTP/1.1\r\n")
          .contains("\r\nAuthorization: Bearer " + TOKEN + "\r\n");
    } else {
      assertThat(heads.getFirst())
          .startsWith("GET /ws?token=s3cr3t%2Ft%2Bk%26n%22%3D%25-of-quite-some-length HTTP/1.1\r\n")
          .doesNotContain("Authorization");
    }
  }

  @Test
  void parametersOfTheUrlAndHeadersAreKept() throws Exception {
    try (var gateway = gateway()) {
      to(gateway).query("?v=2").header("X-Client", "heartbeat").token(TokenIn.Query).read(SHORT);
    }
    assertThat(heads.getFirst())
        .startsWith("GET /ws?v=2&token=s3cr3t%2F")
        .contains("\r\nX-Client: heartbeat\r\n");
  }

  @ParameterizedTest
  @CsvSource({"'', /?token=s3cr3t", "?v=2, /?v=2&token=s3cr3t"})
  void aUrlWithoutAPathHasItsRoot(String query, String line) throws Exception {
    try (var gateway = gateway()) {
      var url = "ws://gateway.test:" + gateway.port() + query;
      WebSocketProbing.at(url).token(TokenIn.Query).read(SHORT);
    }
    assertThat(heads.getFirst()).startsWith("GET " + line);
  }

  @Test
  void whatNobodyAskedForIsNotWaitedFor() throws Exception {
    try (var mute = serving(peer -> peer.opens().obliging());
        var muter = serving(peer -> peer.opens().silent())) {
      var up = (Reading.Up) to(mute).read();
      assertThat(up.measurements().absent())
          .containsEntry("firstFrameLatency", "expect.contains is not set");
      assertThat(to(muter).withoutPing().words()).isEqualTo("Up");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 Too Many Requests | Up: rate limited",
        "401 Unauthorized | Unknown: HTTP 401 Unauthorized: set tokenFrom",
        "403 Forbidden | Unknown: HTTP 403 Forbidden: set tokenFrom",
        "404 Not Found | Down: HTTP 404 Not Found instead of a WebSocket",
        "200 OK | Down: HTTP 200 OK instead of a WebSocket",
        "426 Upgrade Required | Down: HTTP 426 Upgrade Required instead of a WebSocket",
        "302 Found | Down: HTTP 302 Found: a WebSocket follows no redirect; set url to where it leads",
        "500 Oops | Down: HTTP 500 Oops",
        "503 Busy | Down: HTTP 503 Busy",
      })
  void aStatusInsteadOfTheHandshakeIsToldForWhatItIs(String status, String meaning)
      throws Exception {
    try (var server = answering("HTTP/1.1 " + status + "\r\nLocation: /x\r\n\r\n<html>")) {
      assertThat(to(server).words()).isEqualTo(meaning);
    }
  }

  @ParameterizedTest
  @CsvSource({"401 Unauthorized", "403 Forbidden"})
  void aTokenThatIsNotAcceptedIsUnknownAndNamed(String status) throws Exception {
    try (var server = answering("HTTP/1.1 " + status + "\r\n\r\n")) {
      var told =
          "Unknown: HTTP " + status + ": the value of Secret gateway, key token is not accepted";
      assertThat(to(server).token(TokenIn.Header).words()).isEqualTo(told);
      assertThat(to(server).token(TokenIn.Query).words()).isEqualTo(told);
      assertThat(to(server).header("X-Key", null).words()).isEqualTo(told);
    }
  }

  @Test
  void aMissingSecretIsUnknown() throws Exception {
    try (var gateway = gateway()) {
      assertThat(to(gateway).token(TokenIn.Header, "other").words())
          .isEqualTo("Unknown: Secret gateway has no key other");
    }
  }

  @Test
  void whatIsSetTwiceOrNotTheirsIsTheAuthorsToMend() throws Exception {
    try (var gateway = gateway()) {
      assertThat(to(gateway).header("Authorization", "x").token(TokenIn.Header).words())
          .isEqualTo("Unknown: both tokenFrom and a header Authorization are set; one is right");
      assertThat(to(gateway).header("sec-websocket-protocol", "x").words())
          .isEqualTo(
              "Unknown: header sec-websocket-protocol is set by Heartbeat itself; leave it out");
    }
  }

  @Test
  void refusedIsDown() throws Exception {
    var gone = gateway();
    gone.close();
    assertThat(to(gone).words()).isEqualTo("Down: connection refused");
  }

  @Test
  void anotherGreetingIsDownAndShown() throws Exception {
    try (var server = serving(peer -> peer.opens().text("{\"error\":\"no database\"}").silent())) {
      assertThat(to(server).expecting("connected").words())
          .isEqualTo(
              "Down: the first message does not contain \"connected\": {\"error\":\"no database\"}");
    }
  }

  @Test
  void noGreetingNoAnswerAndNoPongAreDownInTimeAndSaidApart() throws Exception {
    try (var mute = serving(peer -> peer.opens().silent());
        var deaf = serving(peer -> peer.opens().text("connected").text("tick").silent());
        var other = serving(peer -> peer.opens().frame(0x8a, new byte[8]).silent())) {
      assertThat(HttpProbing.words(to(mute).expecting("connected").read(SHORT)))
          .isEqualTo("Down: timed out after 400 ms waiting for the first message");
      assertThat(HttpProbing.words(to(deaf).expecting("conn").sending(PING, "\"ok\"").read(SHORT)))
          .isEqualTo(
              "Down: timed out after 400 ms waiting for an answer that contains \"\"ok\"\";"
                  + " the last message: tick");
      assertThat(HttpProbing.words(to(deaf).expecting("connected").read(SHORT)))
          .isEqualTo("Down: timed out after 400 ms waiting for a pong");
      assertThat(HttpProbing.words(to(other).read(SHORT))) // a pong, but not to our ping
          .isEqualTo("Down: timed out after 400 ms waiting for a pong");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000 | bye | Down: closed with 1000 (normal closure): bye; before the first message",
        "1001 | no pong | Down: closed with 1001 (going away): no pong; before the first message",
        "1011 | Operation not permitted | Down: closed with 1011 (internal error): Operation not permitted; before the first message",
        "4999 | '' | Down: closed with 4999; before the first message",
        "1008 | bad token | Unknown: closed with 1008 (policy violation): bad token; set tokenFrom",
        "3000 | '' | Unknown: closed with 3000 (unauthorized); set tokenFrom",
        "3003 | '' | Unknown: closed with 3003 (forbidden); set tokenFrom",
        "4401 | '' | Unknown: closed with 4401; set tokenFrom",
        "1005 | '' | Down: sent a malformed close frame",
        "999 | '' | Down: sent a malformed close frame",
      })
  void aCloseIsToldForWhatItIs(int code, String reason, String meaning) throws Exception {
    try (var server = serving(peer -> peer.opens().closing(code, reason).silent())) {
      assertThat(to(server).expecting("connected").words()).isEqualTo(meaning);
    }
  }

  @Test
  void aCloseWithoutACodeIsDown() throws Exception {
    try (var server = serving(peer -> peer.opens().frame(0x88, new byte[0]).silent())) {
      assertThat(to(server).words()).isEqualTo("Down: closed with no code; before a pong");
    }
  }

  @Test
  void aTokenThatIsRefusedByAPolicyIsUnknownAndNamed() throws Exception {
    try (var server = serving(peer -> peer.opens().closing(1008, "who are you?").silent())) {
      assertThat(to(server).token(TokenIn.Query).expecting("connected").words())
          .isEqualTo(
              "Unknown: closed with 1008 (policy violation): who are you?; is the value of Secret"
                  + " gateway, key token right?");
    }
  }

  @Test
  void slowerThanMaxLatencyIsImpairedAndSaysHowMuch() throws Exception {
    try (var slow =
        serving(
            peer -> {
              peer.socket().setSoTimeout(120);
              try {
                peer.opens().read();
              } catch (java.net.SocketTimeoutException _) {
                peer.socket().setSoTimeout(0);
                peer.text("connected").obliging();
              }
            })) {
      assertThat(to(slow).expecting("connected").within(Duration.ofMillis(100)).words())
          .matches("Impaired: took [0-9.]+ m?s, more than 100 ms");
      assertThat(to(slow).expecting("connected").within(Duration.ofSeconds(9)).words())
          .isEqualTo("Up");
    }
  }

  @Test
  void overTlsTheCertificateIsMeasuredAndJudged() throws Exception {
    var authority = CertificateAuthority.named("Test Authority");
    var other = CertificateAuthority.named("Another");
    try (var gateway = serving(authority.issue("gateway.test").listen(), this::gateway)) {
      var secured = to(gateway).secured(authority).token(TokenIn.Header).expecting("connected");
      var up = (Reading.Up) secured.sending(PING, "\"ok\":true").read();
      assertThat(up.measurements().numbers()).containsEntry("certificateDays", 364.0);
      assertThat(to(gateway).secured(other).words())
          .isEqualTo("Down: certificate is signed by an unknown authority");
    }
    try (var plain = gateway()) {
      assertThat(to(plain).secured(authority).words()).startsWith("Down: ");
    }
  }

  @Test
  void theSubprotocolMustBeAgreedTo() throws Exception {
    try (var agreeing =
            serving(peer -> peer.opens("Sec-WebSocket-Protocol: graphql-ws\r\n").obliging());
        var silent = serving(peer -> peer.opens().obliging())) {
      assertThat(to(agreeing).subprotocol("graphql-ws").words()).isEqualTo("Up");
      assertThat(to(silent).subprotocol("graphql-ws").words())
          .isEqualTo("Down: does not agree to subprotocol graphql-ws");
      assertThat(to(agreeing).words())
          .isEqualTo(
              "Down: speaks subprotocol graphql-ws, which was not asked for; set subprotocol");
    }
  }
}
