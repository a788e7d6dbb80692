package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.unasked;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.TlsTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Identity;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final Duration HALF_A_DAY = Duration.ofHours(12);

  private static CertificateAuthority authority;

  @BeforeAll
  static void establish() {
    authority = CertificateAuthority.named("Test Authority");
  }

  @Test
  void aGoodCertificateIsUpWithItsDays() throws Exception {
    try (var server = showing(lasting(90))) {
      var up = (Reading.Up) read(server, null, null);
      assertThat(up.measurements().numbers())
          .containsEntry("certificateDays", 90.0)
          .containsKey("latency");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "14 | | Up",
        "13 | | Impaired: certificate expires in 13 days, fewer than 14",
        "1 | | Impaired: certificate expires in 1 day, fewer than 14",
        "0 | | Impaired: certificate expires in 0 days, fewer than 14",
        "13 | 7 | Impaired: certificate expires in 13 days, fewer than 14",
        "7 | 7 | Impaired: certificate expires in 7 days, fewer than 14",
        "6 | 7 | Down: certificate expires in 6 days, fewer than 7",
      })
  void howManyDaysAreLeftDecides(int days, @Nullable Integer critical, String meaning)
      throws Exception {
    try (var server = showing(lasting(days))) {
      assertThat(HttpProbing.words(read(server, critical, null))).isEqualTo(meaning);
    }
  }

  @Test
  void aBrokenCertificateIsDownInItsExactWords() throws Exception {
    var now = Instant.now();
    var ago = now.minus(Duration.ofDays(3)).minus(HALF_A_DAY);
    var ahead = now.plus(Duration.ofDays(2)).plus(HALF_A_DAY);
    var other = CertificateAuthority.named("Another");
    is("certificate expired 3 days ago", authority.issue(ago.minusSeconds(9), ago, "gateway.test"));
    is(
        "certificate is valid only in 2 days",
        authority.issue(ahead, ahead.plusSeconds(99), "gateway.test"));
    is("certificate is for shop.test, not gateway.test", authority.issue("shop.test"));
    is("certificate is signed by an unknown authority", other.issue("gateway.test"));
    is(
        "certificate is signed by itself, which is an unknown authority",
        Identity.selfSigned("gateway.test"));
  }

  private static void is(String words, Identity identity) throws Exception {
    try (var server = showing(identity)) {
      assertThat(HttpProbing.words(read(server, null, null))).isEqualTo("Down: " + words);
    }
  }

  @Test
  void serverNameIsAskedForAndCompared() throws Exception {
    try (var server = showing(authority.issue("nexus.example.com"))) {
      assertThat(HttpProbing.words(read(server, null, "nexus.example.com"))).isEqualTo("Up");
    }
  }

  @Test
  void theSoonestOfTheChainCounts() throws Exception {
    var soon = Instant.now().plus(Duration.ofDays(5)).plus(HALF_A_DAY);
    var between = authority.authority("Between", soon);
    try (var server = showing(between.issue("gateway.test"))) {
      assertThat(HttpProbing.words(read(server, null, null)))
          .isEqualTo(
              "Impaired: a certificate above the server's own (CN=Between) expires in 5 days,"
                  + " fewer than 14");
    }
  }

  @Test
  void whatIsShownBeyondATrustedAuthorityDoesNotCount() throws Exception {
    var old = authority.authority("Old", Instant.now().plus(HALF_A_DAY));
    var timeout = Duration.ofSeconds(20);
    try (var server = showing(old.issue("gateway.test"))) { // which shows the old one too
      var target = new TlsTarget("gateway.test", server.port(), null, ca("ca"), 14, null);
      assertThat(HttpProbing.words(read(target, timeout, old.pem()))).isEqualTo("Up");
      assertThat(HttpProbing.words(read(target, timeout, authority.pem())))
          .contains("(CN=Old) expires in 0 days");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aRenewedCertificateIsSeenAtOnce(String version) throws Exception {
    var now = new AtomicReference<>(lasting(3));
    try (var server =
        unasked(
            peer -> {
              try (var secure = now.get().over(peer)) {
                secure.setEnabledProtocols(new String[] {version});
                shake(secure);
              }
            })) {
      assertThat(HttpProbing.words(read(server, null, null))).contains("expires in 3 days");
      now.set(lasting(90));
      assertThat(HttpProbing.words(read(server, null, null))).isEqualTo("Up");
    }
  }

  @Test
  void whatIsNoTlsIsDown() throws Exception {
    try (var http = unasked(peer -> ScriptedServer.write(peer, "HTTP/1.1 400 Bad\r\n\r\n"));
        var closing = unasked(_ -> {})) {
      assertThat(HttpProbing.words(read(http, null, null))).isEqualTo("Down: does not speak TLS");
      assertThat(HttpProbing.words(read(closing, null, null)))
          .isEqualTo("Down: closed the connection during the TLS handshake");
      closing.close();
      assertThat(HttpProbing.words(read(closing, null, null)))
          // one that closes may still reset what was under way
          .isIn("Down: connection refused", "Down: connection reset");
    }
  }

  @Test
  void muteOrAByteNowAndThenIsDownInTime() throws Exception {
    var timeout = Duration.ofMillis(500);
    try (var mute = unasked(ScriptedServer::hang);
        // The head of a handshake record of 16 KiB, and then hardly anything of it.
        var slow = unasked(peer -> ScriptedServer.drip(peer, "\u0016\u0003\u0003\u0040\0", 100))) {
      for (var server : List.of(mute, slow)) {
        var begun = System.nanoTime();
        assertThat(HttpProbing.words(read(server, null, null, timeout)))
            .isEqualTo("Down: timed out after 500 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
      }
    }
  }

  @Test
  void anAuthorityThatIsMissingIsUnknown() throws Exception {
    try (var server = showing(lasting(90))) {
      var target = new TlsTarget("gateway.test", server.port(), null, ca("other"), 14, null);
      assertThat(HttpProbing.words(read(target, Duration.ofSeconds(20))))
          .isEqualTo("Unknown: Secret gateway has no key other");
      var broken = new TlsTarget("gateway.test", server.port(), null, ca("broken"), 14, null);
      assertThat(HttpProbing.words(read(broken, Duration.ofSeconds(20))))
          .startsWith("Unknown: Secret gateway, key broken holds no certificate");
    }
  }

  private static Identity lasting(int days) {
    var until = Instant.now().plus(Duration.ofDays(days)).plus(HALF_A_DAY);
    return authority.issue(Instant.now().minusSeconds(99), until, "gateway.test");
  }

  private static ScriptedServer showing(Identity identity) {
    return unasked(
        peer -> {
          try (var secure = identity.over(peer)) {
            shake(secure);
          }
        });
  }

  private static void shake(SSLSocket secure) throws Exception {
    secure.startHandshake();
    ScriptedServer.hang(secure);
  }

  private static ValueFrom ca(String key) {
    return new ValueFrom(new SecretKeyRef("gateway", key));
  }

  private static Reading read(
      ScriptedServer server, @Nullable Integer critical, @Nullable String name) throws Exception {
    return read(server, critical, name, Duration.ofSeconds(20));
  }

  private static Reading read(
      ScriptedServer server, @Nullable Integer critical, @Nullable String name, Duration timeout)
      throws Exception {
    return read(
        new TlsTarget("gateway.test", server.port(), name, ca("ca"), 14, critical), timeout);
  }

  private static Reading read(TlsTarget target, Duration timeout) throws Exception {
    return read(target, timeout, authority.pem());
  }

  private static Reading read(TlsTarget target, Duration timeout, String pem) throws Exception {
    var secrets = RedisCheckTest.secrets(Map.of("ca", pem, "broken", "x"));
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return TlsCheck.of(
              target, new Surroundings(new OpenDialer(), secrets, Endpoints.NONE, CLIENTS))
          .run(deadline);
    }
  }
}
