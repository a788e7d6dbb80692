package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PrometheusCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final String PATH = "/api/v1/query";
  private static final ValueFrom TOKEN = new ValueFrom(new SecretKeyRef("prometheus", "token"));

  private JsonServer prometheus;

  @BeforeEach
  void start() throws IOException {
    prometheus = new JsonServer();
  }

  @AfterEach
  void stop() {
    prometheus.close();
  }

  @Test
  void theOneValueIsMeasured() throws Exception {
    prometheus.answers(PATH, vector(series("0.25")));

    assertThat(((Reading.Up) read()).measurements().numbers())
        .containsEntry("value", 0.25)
        .containsKey("latency");
  }

  @Test
  void aScalarIsAValueToo() throws Exception {
    prometheus.answers(PATH, answer("scalar", "[1435781451.781,\"-3e2\"]"));

    assertThat(((Reading.Up) read()).measurements().numbers()).containsEntry("value", -300.0);
  }

  @Test
  void theQueryIsPostedAsAFormWithOurTimeout() throws Exception {
    prometheus.answers(PATH, vector(series("1")));

    read("sum(rate(errors{job=\"a&b\",path=~\"ü+\"}[5m])) / 100", null);

    var asked = prometheus.asked.getFirst();
    assertThat(asked.line()).isEqualTo("POST " + PATH);
    assertThat(asked.authorization()).isEqualTo("null");
    assertThat(asked.body()).doesNotContain("ü").matches("query=[^&]+&timeout=[0-9]{1,5}ms");
    assertThat(URLDecoder.decode(asked.body(), StandardCharsets.UTF_8))
        .startsWith("query=sum(rate(errors{job=\"a&b\",path=~\"ü+\"}[5m])) / 100&timeout=");
  }

  @Test
  void noDataIsUnknown() throws Exception {
    prometheus.answers(PATH, vector(""));

    assertThat(HttpProbing.words(read())).isEqualTo("Unknown: no data");
  }

  @Test
  void severalSeriesAreNotGuessedAt() throws Exception {
    prometheus.answers(PATH, vector(series("1") + "," + series("2") + "," + series("3")));

    assertThat(HttpProbing.words(read()))
        .isEqualTo(
            "Unknown: the query returns 3 series; aggregate it to one, for example with max(…)");
  }

  @Test
  void soManySeriesThatNobodyCountsThemAreToldTheSameWay() throws Exception {
    prometheus.answers(PATH, vector(series("1") + ("," + series("1")).repeat(3000)));

    assertThat(HttpProbing.words(read()))
        .startsWith("Unknown: the query returns too many series; aggregate it to one");
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "+Inf, +Inf", "-Inf, -Inf"})
  void whatIsNoNumberIsUnknown(String value, String told) throws Exception {
    prometheus.answers(PATH, vector(series(value)));

    assertThat(HttpProbing.words(read())).isEqualTo("Unknown: the value is " + told);
  }

  @ParameterizedTest
  @CsvSource({"matrix, gives values over a time", "string, gives a text", "other, not of Prom"})
  void aResultOfAnotherKindIsUnknown(String type, String told) throws Exception {
    prometheus.answers(PATH, answer(type, "[1435781451.781,\"x\"]"));

    assertThat(HttpProbing.words(read())).startsWith("Unknown: ").contains(told);
  }

  @ParameterizedTest
  @CsvSource({"400, bad_data", "422, execution", "503, timeout", "200, internal"})
  void anErrorIsToldInPrometheusOwnWords(int status, String type) throws Exception {
    prometheus.answers(
        PATH,
        status,
        "{\"status\":\"error\",\"errorType\":\"%s\",\"error\":\"1:5: parse error: \\u001b[31mno\"}"
            .formatted(type));

    assertThat(HttpProbing.words(read())).isEqualTo("Unknown: 1:5: parse error: no");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "502 | Prometheus cannot be asked: HTTP 502 Bad Gateway",
        "404 | POST /api/v1/query: HTTP 404 Not Found; url must lead to Prometheus",
        "405 | POST /api/v1/query: HTTP 405 Method Not Allowed; url must lead to Prometheus",
        "429 | HTTP 429: rate limited",
        "302 | POST /api/v1/query: HTTP 302 Temporary Redirect, which is not followed; set url to where it leads",
        "401 | HTTP 401 Unauthorized: set tokenFrom",
      })
  void aStatusWithoutPrometheusWordsIsUnknownAndSaysWhatToMend(int status, String told)
      throws Exception {
    prometheus.answers(PATH, status, "<h1>nginx</h1>");

    assertThat(HttpProbing.words(read())).isEqualTo("Unknown: " + told);
  }

  @Test
  void theTokenIsSentAndNeverRepeated() throws Exception {
    prometheus.answers(PATH, 400, "{\"status\":\"error\",\"error\":\"bad token s3cr3t-tok\"}");

    assertThat(HttpProbing.words(read("up", TOKEN))).isEqualTo("Unknown: bad token ***");
    assertThat(prometheus.asked.getFirst().authorization()).isEqualTo("Bearer s3cr3t-tok");

    prometheus.answers(PATH, 403, "");
    assertThat(HttpProbing.words(read("up", TOKEN)))
        .isEqualTo(
            "Unknown: HTTP 403 Forbidden: the value of Secret prometheus, key token is not"
                + " accepted");
  }

  @Test
  void aWarningOfIncompleteDataIsNoted() throws Exception {
    prometheus.answers(
        PATH,
        "{\"status\":\"success\",\"warnings\":[\"store-2 is gone\"],\"data\":"
            + "{\"resultType\":\"scalar\",\"result\":[0,\"1\"]}}");

    assertThat(HttpProbing.words(read())).isEqualTo("Up: store-2 is gone");
  }

  @Test
  void aPrometheusThatIsGoneIsNotWhatIsWatched() throws Exception {
    prometheus.close();

    assertThat(HttpProbing.words(read()))
        .isEqualTo("Unknown: Prometheus cannot be asked: connection refused");
  }

  @Test
  void silenceIsUnknownByItsTimeout() throws Exception {
    try (var silent = running(ScriptedServer::hang)) {
      assertThat(HttpProbing.words(read(silent, Duration.ofMillis(300))))
          .isEqualTo("Unknown: Prometheus cannot be asked: timed out after 300 ms");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.nexus.heartbeat.check.HostileAnswers#all")
  void whateverIsAnsweredItEndsInTimeWithWords(String name, Script script) throws Exception {
    var timeout = Duration.ofSeconds(2);
    try (var hostile = running(script)) {
      var begun = System.nanoTime();
      var reading = read(hostile, timeout);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
      assertThat(HttpProbing.words(reading))
          .startsWith("Unknown: ")
          .hasSizeLessThan(300)
          .doesNotContain("Exception");
    }
  }

  private static String vector(String series) {
    return answer("vector", "[" + series + "]");
  }

  private static String answer(String type, String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}"
        .formatted(type, result);
  }

  private static String series(String value) {
    return "{\"metric\":{\"job\":\"gateway\"},\"value\":[1435781451.781,\"" + value + "\"]}";
  }

  private Reading read() throws InterruptedException {
    return read("up", null);
  }

  private Reading read(String query, @Nullable ValueFrom token) throws InterruptedException {
    return read(new PrometheusTarget(prometheus.url(), query, token, null), Duration.ofSeconds(10));
  }

  private static Reading read(ScriptedServer server, Duration timeout) throws InterruptedException {
    var url = "http://prometheus.test:" + server.port();
    return read(new PrometheusTarget(url, "up", null, null), timeout);
  }

  private static Reading read(PrometheusTarget target, Duration timeout)
      throws InterruptedException {
    var secrets = RedisCheckTest.secrets(Map.of("token", "s3cr3t-tok\n"));
    var surroundings = new Surroundings(new OpenDialer(), secrets, Endpoints.NONE, CLIENTS);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return PrometheusCheck.of(target, surroundings).run(deadline);
    }
  }
}
