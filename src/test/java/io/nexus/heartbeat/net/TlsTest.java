package io.nexus.heartbeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private static CertificateAuthority authority;

  private final Deadlines deadlines = new Deadlines();
  private final Tls tls = new Tls(Clock.systemUTC());
  private final List<String> serverNames = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void establish() {
    authority = CertificateAuthority.named("Test Authority");
  }

  @AfterEach
  void stop() {
    deadlines.close();
  }

  @Test
  void aCertificateOfATrustedAuthorityForTheHostIsAccepted() throws Exception {
    try (var server = serving(authority.issue("gateway", "127.0.0.1"))) {
      shake(server, "gateway", trusting(authority.pem()));
      shake(server, "127.0.0.1", trusting(authority.pem()));
    }
  }

  @Test
  void whomThisMachineTrustsIsTrustedWhereItIsSaid(@TempDir Path directory) throws Exception {
    var bundle = Files.writeString(directory.resolve("bundle.pem"), authority.pem());
    var system = new TlsSettings(null, null, TlsSettings.Verify.FULL);
    try (var server = serving(authority.issue("gateway", "127.0.0.1"));
        var other = serving(CertificateAuthority.named("Other").issue("gateway"))) {
      var trusting = new Tls(Clock.systemUTC(), bundle);
      handshake(trusting, server, system).close();
      assertThatThrownBy(() -> handshake(trusting, other, system))
          .isInstanceOf(ProtocolFailure.class);
      assertThatThrownBy(
              () -> handshake(new Tls(Clock.systemUTC(), directory.resolve("no")), server, system))
          .isInstanceOf(Misconfigured.class)
          .hasMessageContaining("certificate authorities, cannot be read");
    }
  }

  private SSLSocket handshake(Tls by, ScriptedServer server, TlsSettings settings)
      throws IOException {
    try (var deadline = deadlines.start(PATIENT)) {
      var connected = TestNet.loopback().connect("127.0.0.1", server.port(), deadline);
      return by.over(connected, "gateway", server.port(), settings, deadline);
    }
  }

  @Test
  void anExpiredCertificateSaysSinceWhen() throws Exception {
    var now = Instant.now();
    var threeDays = now.minus(Duration.ofDays(3));
    var anHour = now.minus(Duration.ofMinutes(61));
    var until = now.minus(Duration.ofDays(400));
    try (var server = serving(authority.issue(until, threeDays, "gateway"));
        var fresher = serving(authority.issue(until, anHour, "gateway"))) {
      refused("certificate expired 3 days ago", server, "gateway", trusting(authority.pem()));
      refused("certificate expired 1 hour ago", fresher, "gateway", trusting(authority.pem()));
    }
  }

  @Test
  void aCertificateOfTheFutureSaysFromWhen() throws Exception {
    var begins = Instant.now().plus(Duration.ofHours(50));
    var early = authority.issue(begins, begins.plus(Duration.ofDays(90)), "gateway");
    try (var server = serving(early)) {
      refused("certificate is valid only in 2 days", server, "gateway", trusting(authority.pem()));
    }
  }

  @Test
  void anExpiredAuthorityIsNotMistakenForTheServersOwnCertificate() throws Exception {
    var old = CertificateAuthority.named("Old", Instant.now().minus(Duration.ofDays(2)));
    var root = CertificateAuthority.named("Root");
    var between = root.authority("Between", Instant.now().minus(Duration.ofDays(2)));
    try (var server = serving(between.issue("gateway"));
        var under = serving(old.issue("gateway"))) {
      refused(
          "a certificate above the server's own has expired",
          server,
          "gateway",
          trusting(root.pem()));
      // A trust anchor is trusted by its key; the JDK does not ask until when (RFC 5280, 6.1.1).
      shake(under, "gateway", trusting(old.pem()));
    }
  }

  @Test
  void aCertificateOfAnotherHostNamesBoth() throws Exception {
    try (var server = serving(authority.issue("billing.test", "shop.test"))) {
      refused(
          "certificate is for billing.test, shop.test, not gateway.test",
          server,
          "gateway.test",
          trusting(authority.pem()));
      refused(
          "certificate is for billing.test, shop.test, not 127.0.0.1",
          server,
          "127.0.0.1",
          trusting(authority.pem()));
    }
  }

  @Test
  void aCertificateThatIsRefusedShowsNoInvisibleCharacters() throws Exception {
    try (var server = serving(authority.issue("evil\u202e\u001b[31m.test"))) {
      assertThatThrownBy(() -> shake(server, "gateway.test", trusting(authority.pem())))
          .isInstanceOf(ProtocolFailure.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u202e", "\u001b"));
    }
  }

  @Test
  void whoIsVouchedForByNobodyIsUnknown() throws Exception {
    var other = CertificateAuthority.named("Another Authority");
    try (var server = serving(authority.issue("gateway"));
        var self = serving(Identity.selfSigned("gateway"))) {
      refused(
          "certificate is signed by an unknown authority",
          server,
          "gateway",
          trusting(other.pem()));
      refused(
          "certificate is signed by an unknown authority", server, "gateway", TlsSettings.DEFAULT);
      refused(
          "certificate is signed by itself, which is an unknown authority",
          self,
          "gateway",
          TlsSettings.DEFAULT);
    }
  }

  @Test
  void aBundleMayHoldSeveralAuthoritiesAndRemarks() throws Exception {
    var other = CertificateAuthority.named("Another Authority");
    var bundle = "# Another\n" + other.pem() + "\n# ours\n" + authority.pem();
    try (var server = serving(authority.issue("gateway"));
        var second = serving(other.issue("gateway"))) {
      shake(server, "gateway", trusting(bundle));
      shake(second, "gateway", trusting(bundle));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "-----BEGIN CERTIFICATE-----\nnot base64 at all!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMIIB",
      })
  void anAuthorityThatCannotBeReadIsOursToMend(String pem) throws Exception {
    try (var server = serving(authority.issue("gateway"))) {
      assertThatThrownBy(() -> shake(server, "gateway", trusting(pem)))
          .isInstanceOf(Misconfigured.class)
          .hasMessageStartingWith("the CA");
    }
  }

  @Test
  void theServerIsToldWhichNameIsMeant() throws Exception {
    try (var server = serving(authority.issue("gateway", "a.test", "127.0.0.1"))) {
      shake(server, "gateway", trusting(authority.pem()));
      shake(server, "a.test", trusting(authority.pem()));
      shake(server, "127.0.0.1", trusting(authority.pem(), "gateway"));
      // RFC 6066, 3: an address is no server name.
      shake(server, "127.0.0.1", trusting(authority.pem()));
      assertThat(serverNames).containsExactly("[gateway]", "[a.test]", "[gateway]", "[]");
    }
  }

  @Test
  void aNameThatDnsKnowsAndTlsDoesNotGoesUnnamedAndATrailingDotIsNotOfTheName() throws Exception {
    var any = new TlsSettings(null, null, TlsSettings.Verify.NOTHING);
    try (var server = serving(authority.issue("gateway", "a.test"))) {
      shake(server, "my_cache", any);
      shake(server, "my_cache.a.test", any);
      shake(server, "my_cache", trusting(authority.pem(), "gateway"));
      shake(server, "a.test.", trusting(authority.pem()));
      assertThat(serverNames).containsExactly("[]", "[]", "[gateway]", "[a.test]");
      assertThatThrownBy(() -> shake(server, "my_cache", trusting(authority.pem())))
          .isInstanceOf(Misconfigured.class)
          .hasMessage("'my_cache' cannot be the name in a certificate; set tls.serverName");
    }
  }

  @Test
  void serverNameIsWhatTheCertificateMustBeFor() throws Exception {
    try (var server = serving(authority.issue("gateway"))) {
      shake(server, "other", trusting(authority.pem(), "gateway"));
      refused(
          "certificate is for gateway, not other",
          server,
          "gateway",
          trusting(authority.pem(), "other"));
    }
  }

  @Test
  void insecureSkipVerifyAcceptsWhateverIsShown() throws Exception {
    var past = Instant.now().minus(Duration.ofDays(3));
    var insecure = TlsSettings.ANY_PEER;
    try (var server = serving(authority.issue(past.minus(Duration.ofDays(9)), past, "other"))) {
      shake(server, "gateway", insecure);
      // What one monitor skips, another does not.
      refused("certificate expired 3 days ago", server, "gateway", trusting(authority.pem()));
    }
  }

  @Test
  void whoAsksOnlyForTheAuthorityAcceptsAnyNameAndNobodyElse() throws Exception {
    var past = Instant.now().minus(Duration.ofDays(3));
    var ca = new TlsSettings.Ca(authority.pem(), "the CA");
    var settings = new TlsSettings(ca, null, TlsSettings.Verify.AUTHORITY);
    try (var server = serving(authority.issue("other"));
        var old = serving(authority.issue(past.minus(Duration.ofDays(9)), past, "other"));
        var self = serving(Identity.selfSigned("gateway"))) {
      shake(server, "gateway", settings);
      // Nor is what was not looked at taken over by who looks.
      refused(
          "certificate is for other, not gateway", server, "gateway", trusting(authority.pem()));
      refused("certificate expired 3 days ago", old, "gateway", settings);
      refused(
          "certificate is signed by itself, which is an unknown authority",
          self,
          "gateway",
          settings);
    }
  }

  @Test
  void anExpiredCertificateThatIsItselfTrustedIsStillExpired() throws Exception {
    var past = Instant.now().minus(Duration.ofDays(3));
    var own = CertificateAuthority.selfSigned("gateway", past);
    try (var server = serving(own)) {
      refused(
          "certificate expired 3 days ago",
          server,
          "gateway",
          trusting(new String(own.pem(), StandardCharsets.US_ASCII)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void theSecondConnectionResumesTheSession(String protocol) throws Exception {
    try (var server = serving(authority.issue("gateway").listen(protocol))) {
      var first = shake(server, "gateway", trusting(authority.pem()));
      assertThat(first.getProtocol()).isEqualTo(protocol);
      // Else a new session could be of the same millisecond.
      await().until(() -> System.currentTimeMillis() > first.getCreationTime() + 2);
      var second = shake(server, "gateway", trusting(authority.pem()));
      assertThat(second.getCreationTime()).isEqualTo(first.getCreationTime());
      // Not with another's idea of whom to trust.
      var stranger = CertificateAuthority.named("Another Authority");
      refused(
          "certificate is signed by an unknown authority",
          server,
          "gateway",
          trusting(stranger.pem()));
    }
  }

  @Test
  void whoDoesNotSpeakTlsIsTold() throws Exception {
    try (var ssh =
            ScriptedServer.unasked(peer -> ScriptedServer.write(peer, "SSH-2.0-OpenSSH_9.6\r\n"));
        var http =
            ScriptedServer.unasked(
                peer -> ScriptedServer.write(peer, "HTTP/1.1 400 Bad Request\r\n\r\n"))) {
      refused("does not speak TLS", ssh, "gateway", TlsSettings.DEFAULT);
      refused("does not speak TLS", http, "gateway", TlsSettings.DEFAULT);
    }
  }

  @Test
  void whoHangsUpDuringTheHandshakeIsTold() throws Exception {
    try (var server = ScriptedServer.unasked(peer -> peer.getInputStream().read(new byte[4096]))) {
      refused(
          "closed the connection during the TLS handshake", server, "gateway", TlsSettings.DEFAULT);
    }
  }

  @Test
  void aServerThatKeepsSilentDuringTheHandshakeEndsWithTheDeadline() throws Exception {
    try (var server = ScriptedServer.unasked(ScriptedServer::hang)) {
      var begun = System.nanoTime();
      assertThatThrownBy(
              () -> shake(server, "gateway", TlsSettings.DEFAULT, Duration.ofMillis(300)))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("timed out after 300 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(300), Duration.ofSeconds(2));
    }
  }

  @Test
  void aServerThatDripsItsHandshakeEndsWithTheDeadline() throws Exception {
    // A record of 16 KiB that never ends: each byte comes, and none is the last.
    try (var server =
        ScriptedServer.unasked(
            peer -> {
              peer.getOutputStream().write(new byte[] {22, 3, 3, 0x40, 0});
              ScriptedServer.drip(peer, "x");
            })) {
      assertThatThrownBy(
              () -> shake(server, "gateway", TlsSettings.DEFAULT, Duration.ofMillis(300)))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("timed out after 300 ms");
    }
  }

  private static TlsSettings trusting(String ca) {
    return trusting(ca, null);
  }

  private static TlsSettings trusting(String ca, @Nullable String serverName) {
    return new TlsSettings(new TlsSettings.Ca(ca, "the CA"), serverName, TlsSettings.Verify.FULL);
  }

  private ScriptedServer serving(Identity identity) {
    return serving(identity.listen());
  }

  /** Says hello, so that a client that reads has the session's ticket too. */
  private ScriptedServer serving(ServerSocket listening) {
    return ScriptedServer.unasked(
        listening,
        peer -> {
          if (((SSLSocket) peer).getSession() instanceof ExtendedSSLSession session
              && session.isValid()) {
            var names = session.getRequestedServerNames();
            serverNames.add(
                names.stream()
                    .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
                    .toList()
                    .toString());
          }
          ScriptedServer.write(peer, "hello");
        });
  }

  private void refused(String words, ScriptedServer server, String host, TlsSettings settings) {
    ThrowingCallable shaking = () -> shake(server, host, settings);
    assertThatThrownBy(shaking)
        .isInstanceOfSatisfying(
            IOException.class, e -> assertThat(Fault.of(e)).isEqualTo(new Fault.Down(words)));
  }

  private SSLSession shake(ScriptedServer server, String host, TlsSettings settings)
      throws IOException {
    return shake(server, host, settings, PATIENT);
  }

  private SSLSession shake(
      ScriptedServer server, String host, TlsSettings settings, Duration within)
      throws IOException {
    try (var deadline = deadlines.start(within);
        var connected = TestNet.loopback().connect("127.0.0.1", server.port(), deadline);
        var secure = tls.over(connected, host, server.port(), settings, deadline)) {
      assertThat(secure.getInputStream().readAllBytes()).asString().isEqualTo("hello");
      return secure.getSession();
    }
  }
}
