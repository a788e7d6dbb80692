package io.nexus.heartbeat.net.http;

import static io.nexus.heartbeat.net.ScriptedServer.answering;
import static io.nexus.heartbeat.net.ScriptedServer.hang;
import static io.nexus.heartbeat.net.ScriptedServer.running;
import static io.nexus.heartbeat.net.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.net.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpTest {
  private final Deadlines deadlines = new Deadlines();
  private final Http http = new Http(new Tls(Clock.systemUTC()), "1.2.3");

  @AfterEach
  void stop() {
    deadlines.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok', 200, ok",
    "'HTTP/1.1 200\\r\\nContent-Length: 2\\r\\n\\r\\nok', 200, ok",
    "'HTTP/1.0 200 OK\\r\\n\\r\\nuntil close', 200, until close",
    "'HTTP/1.1 200 OK\\nContent-Length: 2\\n\\nok', 200, ok",
    "'HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 201 Made\\r\\nContent-Length: 0\\r\\n\\r\\n', 201, ''",
    "'HTTP/1.1 204 No Content\\r\\nContent-Length: 9\\r\\n\\r\\n', 204, ''",
    "'HTTP/1.1 304 Not Modified\\r\\nContent-Length: 9\\r\\n\\r\\n', 304, ''",
    "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2;a=b\\r\\nok\\r\\nA\\r\\n0123456789\\r\\n0\\r\\nX: y\\r\\n\\r\\n', 200, ok0123456789",
  })
  void answersAreFramedAsTheProtocolSays(String answer, int status, String body) throws Exception {
    try (var server = answering(unescaped(answer))) {
      var response = get(server);
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.text()).isEqualTo(body);
      assertThat(response.truncated()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', closed the connection without an answer",
    "'SSH-2.0-OpenSSH_9.6\\e[31m\\r\\n', 'not HTTP: SSH-2.0-OpenSSH_9.6'",
    "'HTTP/2 200 OK\\r\\n\\r\\n', not HTTP",
    "'HTTP/1.1 2x0 OK\\r\\n\\r\\n', not HTTP",
    "'HTTP/1.1 200 OK\\r\\nA: b\\r\\n folded\\r\\n\\r\\n', malformed header",
    "'HTTP/1.1 200 OK\\r\\nA : b\\r\\n\\r\\n', malformed header",
    "'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nContent-Length: 3\\r\\n\\r\\nokk', more than one Content-Length",
    "'HTTP/1.1 200 OK\\r\\nContent-Length: -2\\r\\n\\r\\n', malformed Content-Length",
    "'HTTP/1.1 200 OK\\r\\nContent-Length: 99999999999999999999\\r\\n\\r\\n', malformed Content-Length",
    "'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', both Content-Length and chunks",
    "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n', not asked for",
    "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nFFFFFFFFFFFFFFFFFF\\r\\n', malformed chunk size",
    "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n-1\\r\\n', malformed chunk size",
    "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nokok\\r\\n', longer than it said",
    "'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nok', in the middle",
    "'HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\nhalf', in the middle",
    "'HTTP/1.1 200 OK\\r\\nConte', in the middle",
    "'HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n', switches protocols",
  })
  void whatIsNoProperAnswerIsDownInWords(String answer, String words) throws Exception {
    try (var server = answering(unescaped(answer))) {
      assertThatThrownBy(() -> get(server))
          .isInstanceOfSatisfying(
              IOException.class,
              e -> {
                assertThat(Fault.of(e)).isInstanceOf(Fault.Down.class);
                assertThat(Fault.of(e).words()).contains(words);
              });
    }
  }

  @Test
  void endlessHeadersAreRefusedBeforeTheyFillMemory() throws Exception {
    try (var lines = running(peer -> repeat(peer, "HTTP/1.1 200 OK\r\n", "A: b\r\n"));
        var line = running(peer -> repeat(peer, "HTTP/1.1 200 OK\r\nA: ", "xxxxxxxx"));
        var interim = running(peer -> repeat(peer, "", "HTTP/1.1 102 Wait\r\n\r\n"))) {
      assertThatThrownBy(() -> get(lines)).hasMessageContaining("more than 100 headers");
      assertThatThrownBy(() -> get(line)).hasMessageContaining("more than 32 KiB");
      assertThatThrownBy(() -> get(interim)).hasMessageContaining("without end");
    }
  }

  @Test
  void anEndlessBodyIsReadToTheCapAndNoFurther() throws Exception {
    try (var plain = running(peer -> repeat(peer, "HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxx"));
        var chunks =
            running(
                peer ->
                    repeat(
                        peer,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "3\r\nabc\r\n"))) {
      for (var server : new ScriptedServer[] {plain, chunks}) {
        var response = get(server);
        assertThat(response.body()).hasSize(64 * 1024);
        assertThat(response.truncated()).isTrue();
      }
    }
  }

  @Test
  void aPeerThatDripsOrHangsEndsWithTheDeadline() throws Exception {
    try (var slowHeaders =
            running(
                peer -> {
                  write(peer, "HTTP/1.1 200 OK\r\nA: ");
                  ScriptedServer.drip(peer, "x");
                });
        var hangs = running(ScriptedServer::hang);
        var half =
            running(
                peer -> {
                  write(peer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
                  hang(peer);
                })) {
      for (var server : new ScriptedServer[] {slowHeaders, hangs, half}) {
        timesOut(server.port());
      }
    }
  }

  @Test
  void aBacklogThatNobodyAcceptsEndsWithTheDeadline() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var waiting = new ArrayList<Socket>();
      try {
        for (var i = 0; i < 2; i++) {
          waiting.add(new Socket("127.0.0.1", full.getLocalPort()));
        }
        timesOut(full.getLocalPort());
      } finally {
        for (var socket : waiting) {
          socket.close();
        }
      }
    }
  }

  @Test
  void aPortWithoutListenerRefusesTheConnection() throws Exception {
    // Bound, so that nobody else gets the port meanwhile, but not listening.
    try (var bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThatThrownBy(() -> get(bound.getLocalPort(), Duration.ofSeconds(10)))
          .isInstanceOfSatisfying(
              IOException.class,
              e -> assertThat(Fault.of(e)).isEqualTo(new Fault.Down("connection refused")));
    }
  }

  @Test
  void aResetIsSaidAsOne() throws Exception {
    try (var server =
        running(
            peer -> {
              peer.setSoLinger(true, 0);
              peer.close();
            })) {
      assertThatThrownBy(() -> get(server))
          .isInstanceOfSatisfying(
              IOException.class,
              e -> assertThat(Fault.of(e)).isEqualTo(new Fault.Down("connection reset")));
    }
  }

  @Test
  void aRequestSaysWhoAsksAndKeepsHostWhenItGoesToAnEndpoint() throws Exception {
    try (var server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      var request =
          Request.of("POST", URI.create("http://gateway:8000/a%20b?c=d"))
              .with("X-Key", "s3cret")
              .withBody(new byte[] {'{', '}'})
              .via("127.0.0.1", server.port());
      http.send(request, TestNet.loopback(), deadline);
      assertThat(server.requests().getFirst())
          .startsWith("POST /a%20b?c=d HTTP/1.1\r\nHost: gateway:8000\r\n")
          .contains("User-Agent: heartbeat/1.2.3\r\n", "X-Key: s3cret\r\n", "Content-Length: 2\r\n")
          .contains("Accept-Encoding: identity\r\n", "Connection: close\r\n");
      assertThat(request.toString() + request.headers()).doesNotContain("s3cret");
    }
  }

  @ParameterizedTest
  @CsvSource({"X, 'a\\r\\nEvil: 1'", "'X\\r\\nEvil', a", "Content-Length, 5", "'', a"})
  void whatWouldBreakTheFramingIsNotSent(String name, String value) throws Exception {
    try (var server = answering("");
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      var request = Request.of("GET", uri(server.port())).with(unescaped(name), unescaped(value));
      assertThatThrownBy(() -> http.send(request, TestNet.loopback(), deadline))
          .isInstanceOf(Misconfigured.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  private void timesOut(int port) {
    var begun = System.nanoTime();
    assertThatThrownBy(() -> get(port, Duration.ofMillis(300)))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("timed out after 300 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        // A timer may be a little early by this clock.
        .isBetween(Duration.ofMillis(295), Duration.ofMillis(1000));
  }

  private Response get(ScriptedServer server) throws IOException {
    return get(server.port(), Duration.ofSeconds(10));
  }

  private Response get(int port, Duration timeout) throws IOException {
    try (var deadline = deadlines.start(timeout)) {
      return http.send(Request.of("GET", uri(port)), TestNet.loopback(), deadline);
    }
  }

  private static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  private static void repeat(Socket peer, String first, String rest) throws IOException {
    write(peer, first);
    while (true) {
      write(peer, rest);
    }
  }

  private static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\e", "\u001b");
  }
}
