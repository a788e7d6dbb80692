package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.PostgresTls;
import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Identity;
import io.nexus.heartbeat.net.ScriptedServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong with TLS reads the same whatever is watched. */
class TlsAgreementTest {
  private static final String HOST = "db";

  private static CertificateAuthority authority;
  private static Clients clients;

  private final Map<String, String> secrets = new HashMap<>();
  private final List<String> serverNames = new CopyOnWriteArrayList<>();

  private enum Kind {
    HTTP,
    REDIS,
    POSTGRES
  }

  @BeforeAll
  static void establish() {
    authority = CertificateAuthority.named("Test Authority");
    clients = Clients.create();
  }

  @AfterAll
  static void stop() {
    clients.close();
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateOfAnotherNameNamesBoth(Kind kind) throws Exception {
    assertThat(against(kind, authority.issue("billing.test")))
        .isEqualTo("Down: certificate is for billing.test, not db");
  }

  @ParameterizedTest
  @EnumSource
  void anExpiredCertificateSaysSinceWhen(Kind kind) throws Exception {
    var past = Instant.now().minus(Duration.ofDays(3));
    assertThat(against(kind, authority.issue(past.minus(Duration.ofDays(9)), past, HOST)))
        .isEqualTo("Down: certificate expired 3 days ago");
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownAuthorityIsSaidToBeOne(Kind kind) throws Exception {
    assertThat(against(kind, CertificateAuthority.named("Another").issue(HOST)))
        .isEqualTo("Down: certificate is signed by an unknown authority");
    assertThat(against(kind, Identity.selfSigned(HOST)))
        .isEqualTo("Down: certificate is signed by itself, which is an unknown authority");
  }

  @ParameterizedTest
  @EnumSource
  void whoSpeaksNoTlsIsSaidNotTo(Kind kind) throws Exception {
    assertThat(
            against(
                kind,
                peer -> {
                  ScriptedServer.write(peer, "-ERR what is this? No command that I know\r\n");
                  ScriptedServer.hang(peer);
                }))
        .isEqualTo("Down: does not speak TLS");
  }

  @ParameterizedTest
  @EnumSource
  void whoHangsUpDuringTheHandshakeIsSaidTo(Kind kind) throws Exception {
    assertThat(against(kind, peer -> peer.getInputStream().read(new byte[4096])))
        .isEqualTo("Down: closed the connection during the TLS handshake");
  }

  @ParameterizedTest
  @EnumSource
  void whoAsksForACertificateOfOursIsSaidTo(Kind kind) throws Exception {
    var identity = authority.issue(HOST);
    assertThat(
            against(
                kind,
                peer -> {
                  var secure = identity.over(peer);
                  secure.setNeedClientAuth(true);
                  secure.getInputStream().read();
                }))
        // It may reset the connection before its alert is read.
        .isIn(
            "Down: asks for a client certificate, which Heartbeat has none of",
            "Down: connection reset");
  }

  @ParameterizedTest
  @EnumSource
  void anAuthorityThatCannotBeReadIsUnknownAndNamed(Kind kind) throws Exception {
    secrets.put("ca", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThat(against(kind, authority.issue(HOST)))
        .isEqualTo(
            "Unknown: Secret db, key ca holds broken PEM: a certificate in it cannot be read");
    secrets.put("ca", "hello");
    assertThat(against(kind, authority.issue(HOST)))
        .startsWith("Unknown: Secret db, key ca holds no certificate; PEM that begins with");
  }

  @ParameterizedTest
  @EnumSource
  void aNameWithoutADotIsToldToTheServer(Kind kind) throws Exception {
    against(kind, authority.issue(HOST));
    assertThat(serverNames).containsOnly("type=host_name (0), value=db");
  }

  private String against(Kind kind, Identity identity) throws Exception {
    return against(
        kind,
        peer -> {
          var secure = identity.over(peer);
          secure.startHandshake();
          if (secure.getSession() instanceof ExtendedSSLSession session) {
            session.getRequestedServerNames().forEach(name -> serverNames.add(name.toString()));
          }
          secure.getInputStream().read();
        });
  }

  private String against(Kind kind, ScriptedServer.Script script) throws Exception {
    secrets.putIfAbsent("ca", authority.pem());
    try (var server =
            ScriptedServer.unasked(
                peer -> {
                  if (kind == Kind.POSTGRES) {
                    agree(peer);
                  }
                  script.run(peer);
                });
        var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(20))) {
      var surroundings =
          new Surroundings(
              new OpenDialer(), RedisCheckTest.secrets(secrets), Endpoints.NONE, clients);
      var reading = check(kind, HOST + ":" + server.port(), surroundings).run(deadline);
      return HttpProbing.words(reading);
    }
  }

  /** To the request for TLS, which is eight bytes. */
  private static void agree(Socket peer) throws IOException {
    peer.getInputStream().readNBytes(8);
    ScriptedServer.write(peer, "S");
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private static Check check(Kind kind, String place, Surroundings surroundings) {
    var ca = new ValueFrom(new SecretKeyRef("db", "ca"));
    var tls = new Tls(ca, null, false);
    return switch (kind) {
      case HTTP ->
          HttpCheck.of(
              new HttpTarget("https://" + place, null, null, null, null, null, null, tls),
              surroundings);
      case REDIS ->
          RedisCheck.of(new RedisTarget("rediss://" + place, null, null, tls), surroundings);
      case POSTGRES ->
          PostgresCheck.of(
              new PostgresTarget(
                  "postgresql://nexus@" + place,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  new PostgresTls(SslMode.VerifyFull, ca),
                  List.of()),
              surroundings);
    };
  }
}
