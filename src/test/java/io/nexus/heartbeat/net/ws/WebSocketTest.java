package io.nexus.heartbeat.net.ws;

import static io.nexus.heartbeat.net.ws.WsPeer.serving;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.net.http.Request;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTest {
  private static final int MAX = 64 * 1024;

  private final Http http = new Http(new Tls(Clock.systemUTC()), "1.2.3");
  private final Deadlines deadlines = new Deadlines();

  @AfterEach
  void stop() {
    deadlines.close();
  }

  /** RFC 6455, 1.3. */
  @Test
  void theKeyIsAnsweredAsTheStandardsExample() {
    assertThat(Handshake.accept("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @Test
  void fragmentsArePutTogetherAroundPingsAndInTheMiddleOfCharacters() throws Exception {
    var euro = "€".getBytes(UTF_8);
    try (var server =
        serving(
            peer -> {
              peer.opens().frame(0x01, new byte[] {'a', euro[0]});
              peer.frame(0x89, new byte[] {1}).frame(0x00, new byte[] {euro[1]});
              peer.frame(0x80, new byte[] {euro[2], 'b'}).text("next").silent();
            })) {
      try (var socket = open(server)) {
        assertThat(socket.receive()).isEqualTo(new Received.Message("a€b", false));
        assertThat(socket.receive()).isEqualTo(new Received.Message("next", false));
      }
    }
  }

  @Test
  void ofALongMessageTheBeginningIsKeptAndTheNextIsReadAfterIt() throws Exception {
    try (var server =
        serving(
            peer -> {
              peer.opens().text("x".repeat(MAX)).text("y".repeat(MAX) + "z").text("next").silent();
            })) {
      try (var socket = open(server)) {
        assertThat(socket.receive()).isEqualTo(new Received.Message("x".repeat(MAX), false));
        assertThat(socket.receive()).isEqualTo(new Received.Message("y".repeat(MAX), true));
        assertThat(socket.receive()).isEqualTo(new Received.Message("next", false));
      }
    }
  }

  @Test
  void whatCameWithTheHandshakeInOnePacketIsNotLost() throws Exception {
    try (var server =
        serving(
            peer ->
                peer.raw(WsPeer.switching(WsPeer.acceptOf(peer.key())) + "\r\n\u0081\u0005hello")
                    .silent())) {
      try (var socket = open(server)) {
        assertThat(socket.receive()).isEqualTo(new Received.Message("hello", false));
      }
    }
  }

  @Test
  void messagesOfEachLengthArriveMaskedEachByAnotherMask() throws Exception {
    var read = new CompletableFuture<String>();
    try (var server =
        serving(
            peer -> {
              peer.opens();
              var texts = new StringBuilder();
              for (var i = 0; i < 3; i++) {
                texts.append(peer.read().text()).append(' ');
              }
              read.complete(texts.toString());
            })) {
      try (var socket = open(server)) {
        socket.send("hi");
        socket.send("x".repeat(126));
        socket.send("y".repeat(8192));
        assertThat(read.get(20, TimeUnit.SECONDS))
            .isEqualTo("hi " + "x".repeat(126) + " " + "y".repeat(8192) + " ");
      }
    }
  }

  @Test
  void aCloseIsAnsweredWithItsCode() throws Exception {
    var answered = new CompletableFuture<WsPeer.Frame>();
    try (var server =
        serving(peer -> answered.complete(peer.opens().closing(4321, "bye").read()))) {
      try (var socket = open(server)) {
        assertThat(socket.receive()).isEqualTo(new Received.Closed(4321, "bye"));
      }
      assertThat(answered.get(20, TimeUnit.SECONDS))
          .isEqualTo(new WsPeer.Frame(0x88, "\u0010\u00e1"));
    }
  }

  @Test
  void goodbyeIsSaidWith1000() throws Exception {
    var said = new CompletableFuture<WsPeer.Frame>();
    try (var server =
        serving(
            peer -> {
              said.complete(peer.opens().read());
              peer.closing(1000, "");
            })) {
      open(server).close();
      assertThat(said.get(20, TimeUnit.SECONDS)).isEqualTo(new WsPeer.Frame(0x88, "\u0003\u00e8"));
    }
  }

  private WebSocket open(ScriptedServer server) throws Exception {
    Deadline deadline = deadlines.start(Duration.ofSeconds(30));
    var request = Request.of("GET", URI.create("http://127.0.0.1:" + server.port() + "/"));
    var opening = WebSocket.open(http, request, null, TestNet.loopback(), deadline);
    return ((WebSocket.Opening.Opened) opening).socket();
  }
}
