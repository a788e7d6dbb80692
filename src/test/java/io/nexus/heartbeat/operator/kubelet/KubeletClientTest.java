package io.nexus.heartbeat.operator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.secret.SecretValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KubeletClientTest {
  private static final Clients CLIENTS = Clients.create();
  private static final Deadlines DEADLINES = new Deadlines();
  private static final String CANNOT = "the kubelet of node node-1 cannot be asked: ";
  private static final String HEAD = "HTTP/1.1 200 OK\r\n";

  @AfterAll
  static void close() {
    CLIENTS.close();
    DEADLINES.close();
  }

  @Test
  void aKubeletIsAskedForItsSummaryWithTheTokenAndTellsWhen() throws Exception {
    try (var kubelet = new KubeletStandIn(KubeletStandIn.telling(SummaryReaderTest.recorded()))) {
      var told = ask(kubelet, KubeletStandIn.TRUST);

      assertThat(told.summary().root()).isNotNull();
      assertThat(told.summary().claims()).hasSize(1);
      assertThat(told.at()).isEqualTo(Instant.parse("2026-11-24T12:46:10Z"));
      assertThat(kubelet.requests().getFirst())
          .startsWith("GET /stats/summary HTTP/1.1\r\n")
          .contains("Authorization: Bearer t0k3n\r\n");
    }
  }

  @Test
  void onlyWhomTheClusterSignedForThatAddressIsAskedAtAll() throws Exception {
    var summary = KubeletStandIn.telling(SummaryReaderTest.recorded());
    var hint = "; --kubelet-certificate-authority names who signs kubelets' certificates";
    try (var other = new KubeletStandIn("10.0.0.1", summary);
        var kubelet = new KubeletStandIn(summary)) {
      assertThatThrownBy(() -> ask(other, KubeletStandIn.TRUST))
          .hasMessage(CANNOT + "certificate is for 10.0.0.1, not 127.0.0.1" + hint);
      var stranger =
          new TlsSettings(
              new TlsSettings.Ca(CertificateAuthority.named("other").pem(), "the test"),
              null,
              TlsSettings.Verify.FULL);
      assertThatThrownBy(() -> ask(kubelet, stranger))
          .hasMessage(CANNOT + "certificate is signed by an unknown authority" + hint);
      assertThat(other.requests()).isEmpty();
      assertThat(kubelet.requests()).isEmpty();

      assertThat(ask(other, TlsSettings.ANY_PEER).summary().root())
          .as("unless the administrator says that any will do")
          .isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 Unauthorized | the kubelet of node node-1 does not know Heartbeat's token: HTTP 401"
            + " Unauthorized; its authentication.webhook must be enabled",
        "403 Forbidden | the kubelet of node node-1 does not let Heartbeat get nodes/stats: HTTP"
            + " 403 Forbidden; an administrator can allow it: kubectl apply -f"
            + " k8s/kubelet-stats.yaml",
        "302 Found | the kubelet of node node-1 answered GET /stats/summary with HTTP 302 Found",
        "500 | the kubelet of node node-1 answered GET /stats/summary with HTTP 500"
      })
  void aRefusalSaysWhatToDo(String status, String words) throws Exception {
    try (var kubelet = new KubeletStandIn(KubeletStandIn.telling(status, "no"))) {
      assertThatThrownBy(() -> ask(kubelet, KubeletStandIn.TRUST)).hasMessage(words);
    }
  }

  @Test
  void whoseAddressIsNoNodesIsNotOpened() {
    var place =
        new KubeletClient.Place("node-1", Objects.requireNonNull(literal("169.254.169.254")), 80);
    var dialer = TestNet.dialer(AddressPolicy.operator(List.of(), AddressPolicy.Own.NOTHING));
    assertThatThrownBy(() -> client(dialer, KubeletStandIn.TRUST).ask(place, token()))
        .hasMessageStartingWith(CANNOT + "169.254.169.254 is a cloud's metadata address");
  }

  @Test
  void nobodyThereIsToldAsSuch() throws Exception {
    var gone = new KubeletStandIn(KubeletStandIn.telling(""));
    gone.close();
    assertThatThrownBy(() -> ask(gone, KubeletStandIn.TRUST))
        .hasMessage(CANNOT + "connection refused");
  }

  static Stream<Arguments> hostile() {
    var named = new LinkedHashMap<String, Script>();
    named.put("silent", ScriptedServer::hang);
    named.put("a byte a moment", peer -> ScriptedServer.drip(peer, " ", 5));
    named.put(
        "endless",
        peer -> {
          ScriptedServer.write(peer, HEAD + "\r\n{\"pods\":[");
          while (true) {
            ScriptedServer.write(peer, "{\"podRef\":{\"name\":\"a\"}},".repeat(1000));
          }
        });
    named.put(
        "endless chunks",
        peer -> {
          ScriptedServer.write(peer, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
          while (true) {
            ScriptedServer.write(peer, "2000\r\n" + " ".repeat(0x2000) + "\r\n");
          }
        });
    named.put("not HTTP", peer -> ScriptedServer.write(peer, "SSH-2.0-OpenSSH\r\n"));
    named.put("a page", KubeletStandIn.telling("<html>"));
    named.put("broken off", KubeletStandIn.telling("{\"node\":{\"fs\":{"));
    named.put("a huge number", KubeletStandIn.telling("{\"a\":" + "9".repeat(2_000_000) + "}"));
    named.put("depth", KubeletStandIn.telling("[".repeat(2_000_000)));
    named.put(
        "a length that is a lie",
        peer -> ScriptedServer.write(peer, HEAD + "Content-Length: 99999999999\r\n\r\n{}"));
    return named.entrySet().stream().map(it -> Arguments.of(it.getKey(), it.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void whateverItAnswersEndsInTimeAndWords(String name, Script script) throws Exception {
    try (var kubelet = new KubeletStandIn(script)) {
      var begun = System.nanoTime();
      assertThatThrownBy(() -> ask(kubelet, KubeletStandIn.TRUST))
          .isInstanceOf(NotTold.class)
          .hasMessageStartingWith(CANNOT)
          .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(300));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }
  }

  private static java.net.InetAddress literal(String text) {
    return Objects.requireNonNull(Literals.parse(text));
  }

  private static SecretValue token() {
    return SecretValue.of("t0k3n");
  }

  private static KubeletClient client(Dialer dialer, TlsSettings trust) {
    return new KubeletClient(CLIENTS.http(), dialer, trust, DEADLINES, Duration.ofSeconds(5));
  }

  private static KubeletClient.Told ask(KubeletStandIn kubelet, TlsSettings trust)
      throws NotTold, IOException {
    return client(TestNet.loopback(), trust)
        .ask(new KubeletClient.Place("node-1", literal("127.0.0.1"), kubelet.port()), token());
  }
}
