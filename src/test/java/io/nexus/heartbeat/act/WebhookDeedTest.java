package io.nexus.heartbeat.act;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.secret.SecretValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookDeedTest {
  private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");
  private static final MonitorRef MONITOR = new MonitorRef("nexus", "nexus", "uid");

  private record Asked(Headers headers, String body) {}

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Deadlines deadlines = new Deadlines();
  private final HttpServer server;
  private int status = 204;
  private String answer = "";

  WebhookDeedTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          asked.add(new Asked(exchange.getRequestHeaders(), body));
          var said = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, said.length == 0 ? -1 : said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    deadlines.close();
  }

  @Test
  void itIsAskedWithWhatIsWrongAndTheSameKeyEachTime() {
    assertThat(perform(null, NOW)).isEqualTo(new Outcome.Done());
    assertThat(perform(null, NOW)).isEqualTo(new Outcome.Done());
    assertThat(asked)
        .hasSize(2)
        .allSatisfy(
            it -> {
              assertThat(it.headers().getFirst("Idempotency-Key")).isEqualTo("\"a1\"");
              assertThat(it.body())
                  .contains("\"id\":\"a1\"", "\"target\":\"gateway\"", "\"cause\":\"timed out\"");
            });
  }

  @Test
  void whoHasTheKeyCanProveThatItWasUs() throws Exception {
    perform(new ValueFrom(new ValueFrom.SecretKeyRef("repairs", "signing")), NOW);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cret".getBytes(UTF_8), "HmacSHA256"));
    var seconds = NOW.getEpochSecond();
    var signed = mac.doFinal((seconds + "." + asked.getFirst().body()).getBytes(UTF_8));
    assertThat(asked.getFirst().headers().getFirst("Heartbeat-Signature"))
        .isEqualTo("t=" + seconds + ",v1=" + HexFormat.of().formatHex(signed));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void whatMayPassIsTriedAgain(int code) {
    status = code;
    assertThat(perform(null, NOW)).isInstanceOf(Outcome.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 404})
  void whatStaysIsSaidInItsOwnWords(int code) {
    status = code;
    answer = "no such\u001B[31m repair";
    assertThat(perform(null, NOW))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            it -> assertThat(it.why()).endsWith("HTTP " + code + ": no such repair"));
  }

  @Test
  void nobodyIsAskedWhenThePlansTimeIsOver() {
    assertThat(perform(null, NOW.minusSeconds(121))).isInstanceOf(Outcome.Refused.class);
    assertThat(asked).isEmpty();
  }

  private Outcome perform(ValueFrom signingKey, Instant plannedAt) {
    var webhook =
        new Webhook(
            "http://127.0.0.1:%d/restart?token=hidden".formatted(server.getAddress().getPort()),
            null,
            signingKey,
            Duration.ofSeconds(20));
    assertThat(webhook.words()).doesNotContain("hidden");
    var calls =
        new Calls(
            new Http(new Tls(Clock.systemUTC()), "test"),
            deadlines,
            _ -> TestNet.loopback(),
            _ -> (_, _) -> SecretValue.of("s3cret\n"));
    var plan =
        new Plan(
            "a1",
            1,
            webhook.words(),
            webhook.subject(),
            "",
            plannedAt,
            plannedAt.plusSeconds(120),
            List.of(),
            null);
    var due = new Due(plan, webhook, new Due.Occasion("gateway", Level.Critical, "timed out"));
    return new WebhookDeed(calls, webhook, () -> NOW).perform(MONITOR, due);
  }
}
