package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.WebSocketProbing.TOKEN;
import static io.nexus.heartbeat.check.WebSocketProbing.to;
import static io.nexus.heartbeat.net.ws.WsPeer.serving;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.WebSocketTarget.TokenIn;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ws.WsPeer;
import io.nexus.heartbeat.reading.Reading;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that want to hurt, or to be told what they must not tell. */
class WebSocketHostileTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.nexus.heartbeat.net.ws.HostileSockets#all")
  void whateverIsSentItEndsInTimeWithWords(String name, String told, WsPeer.Script script)
      throws Exception {
    // What we end by ourselves has all the time that a busy machine may need.
    var timeout = Duration.ofSeconds(told.startsWith("timed out") ? 1 : 20);
    try (var hostile = serving(script)) {
      var begun = System.nanoTime();
      var reading = to(hostile).expecting("connected").read(timeout);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
      assertThat(reading).isInstanceOf(Reading.Down.class);
      assertThat(HttpProbing.words(reading))
          .contains(told)
          .hasSizeLessThan(300)
          .doesNotContain("Exception");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0081\u007e\u000f\u00ff", "\u0001\0"})
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
    try (var slow =
        serving(
            peer -> {
              if (!beginning.isEmpty()) {
                peer.opens().raw(beginning);
              }
              ScriptedServer.drip(peer.socket(), beginning.isEmpty() ? "H" : "\0", 1000);
            })) {
      var begun = System.nanoTime();
      var reading = to(slow).expecting("connected").read(timeout);
      var took = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(HttpProbing.words(reading)).startsWith("Down: timed out after 1.3 s");
      return took.minus(timeout);
    }
  }

  @Test
  void muteInTlsEndsInTime() throws Exception {
    var timeout = Duration.ofMillis(500);
    try (var mute = ScriptedServer.unasked(ScriptedServer::hang)) {
      var begun = System.nanoTime();
      var secured = to(mute).secured(CertificateAuthority.named("Test Authority"));
      assertThat(HttpProbing.words(secured.read(timeout)))
          .isEqualTo("Down: timed out after 500 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
    }
  }

  @Test
  void whoNeverClosesDelaysNothingForLong() throws Exception {
    try (var stubborn =
        serving(
            peer -> {
              var ping = peer.opens().read();
              peer.frame(0x8a, ping.text().getBytes("ISO-8859-1")).silent();
            })) {
      var begun = System.nanoTime();
      assertThat(HttpProbing.words(to(stubborn).read(Duration.ofMinutes(5)))).isEqualTo("Up");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }

  static Stream<Arguments> echoes() {
    var encoded = URLEncoder.encode(TOKEN, UTF_8).replace("+", "%20");
    return Stream.<Arguments>of(
        echo("as the reason of the status", p -> p.raw("HTTP/1.1 400 " + TOKEN + "\r\n\r\n")),
        echo("as the request's line", p -> p.raw(p.head())),
        echo("cut short", p -> p.raw("x".repeat(40) + encoded)),
        echo("as a header", p -> p.raw("HTTP/1.1 200 OK\r\n" + p.head())),
        echo("as a place", p -> p.raw("HTTP/1.1 302 Found\r\nLocation: /" + encoded + "\r\n\r\n")),
        echo("as a subprotocol", p -> p.opens("Sec-WebSocket-Protocol: " + TOKEN + "\r\n")),
        echo("as a message", p -> p.opens().text(TOKEN).silent()),
        echo("encoded", p -> p.opens().text("{\"url\":\"/ws?token=" + encoded + "\"}").silent()),
        echo("in lower case", p -> p.opens().text(lower(encoded)).silent()),
        echo("in a JSON string", p -> p.opens().text(TOKEN.replace("\"", "\\\"")).silent()),
        echo("torn apart", p -> p.opens().text(TOKEN.replace("t", "t\u200b")).silent()),
        echo("at the end of what is shown", p -> p.opens().text("x".repeat(110) + TOKEN).silent()),
        echo("as the reason of the close", p -> p.opens().closing(1008, TOKEN).silent()));
  }

  private static String lower(String encoded) {
    return Pattern.compile("%..").matcher(encoded).replaceAll(hex -> hex.group().toLowerCase());
  }

  private static Arguments echo(String name, WsPeer.Script script) {
    return Arguments.of(name, script);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("echoes")
  void aTokenThatIsSentBackIsNotTold(String name, WsPeer.Script script) throws Exception {
    try (var echoing = serving(script)) {
      for (var where : TokenIn.values()) {
        var words = to(echoing).token(where).expecting("connected").words();
        assertThat(words).doesNotContain("s3cr", "t/t+", "t%2F", "t%2f", "of-q");
      }
    }
  }
}
