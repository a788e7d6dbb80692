package io.nexus.heartbeat.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsTest {
  private static CertificateAuthority authority;

  private final Deadlines deadlines = new Deadlines();
  private final Http http = new Http(new Tls(Clock.systemUTC()), "1.2.3");

  @BeforeAll
  static void establish() {
    authority = CertificateAuthority.named("Test Authority");
  }

  @AfterEach
  void stop() {
    deadlines.close();
  }

  @Test
  void anEndpointAnswersUnderTheNameOfItsServiceAndShowsHowLongItsCertificateLasts()
      throws Exception {
    var identity = authority.issue("gateway");
    try (var server =
        new ScriptedServer(
            identity.listen(),
            peer -> ScriptedServer.write(peer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
      var response = get(server);
      assertThat(response.text()).isEqualTo("ok");
      assertThat(response.certificateEnds())
          .contains(identity.ends().truncatedTo(ChronoUnit.SECONDS));
      assertThat(server.requests().getFirst()).contains("Host: gateway:8443\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aServerThatWantsToKnowWhoWeAreIsSaidToDoSo(String protocol) throws Exception {
    var listening = authority.issue("gateway").listen(protocol);
    ((SSLServerSocket) listening).setNeedClientAuth(true);
    try (var server = new ScriptedServer(listening, ScriptedServer::hang)) {
      assertThatThrownBy(() -> get(server))
          .isInstanceOfSatisfying(
              IOException.class,
              // It may reset the connection before its alert is read.
              e ->
                  assertThat(Fault.of(e))
                      .isIn(
                          new Fault.Down("connection reset"),
                          new Fault.Down(
                              "asks for a client certificate, which Heartbeat has none of")));
    }
  }

  @Test
  void plainHttpWhereHttpsWasMeantIsSaid() throws Exception {
    try (var server =
        ScriptedServer.unasked(
            peer -> ScriptedServer.write(peer, "HTTP/1.1 400 Bad Request\r\n\r\n"))) {
      assertThatThrownBy(() -> get(server)).hasMessage("does not speak TLS");
    }
  }

  private Response get(ScriptedServer server) throws IOException {
    try (var deadline = deadlines.start(Duration.ofSeconds(30))) {
      return http.send(
          Request.of("GET", URI.create("https://gateway:8443/"))
              .with(
                  new TlsSettings(
                      new TlsSettings.Ca(authority.pem(), "the CA"), null, TlsSettings.Verify.FULL))
              .via("127.0.0.1", server.port()),
          TestNet.loopback(),
          deadline);
    }
  }
}
