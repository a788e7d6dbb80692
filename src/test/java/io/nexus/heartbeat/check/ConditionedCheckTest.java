package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.When;
import io.nexus.heartbeat.check.Endpoints.Endpoint;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionedCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final Deadlines DEADLINES = new Deadlines();

  private JsonServer server;

  @BeforeAll
  static void warm() throws Exception {
    try (var first = new JsonServer().answers("/", "{}")) {
      read(first.url() + "/", new When(null, "json.exists(x, x == 'a') || body.matches('b')"));
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = new JsonServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @AfterAll
  static void close() {
    DEADLINES.close();
    CLIENTS.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{\"depth\":1000}  | Up",
        "{\"depth\":1001}  | Up; Impaired: json.depth is 1001 (json.depth > 1000)",
        "{\"depth\":10001} | Up; Down: json.depth is 10001, m.latency is",
        "{\"depth\":1e4}   | Up; Impaired: json.depth is 10000 (json.depth > 1000)",
        "{\"depth\":\"x\"} | Up; Unknown: when.critical: it does not fit what was found: json.depth is 'x'",
        "{\"dept\":1}      | Up; Unknown: when.critical: there is no 'depth': m.latency is",
        "{\"depth\":null}  | Up; Unknown: when.critical: it does not fit what was found: json.depth is null",
        "<html>            | Up; Unknown: when.critical: the body is not JSON (json.depth > 10000",
        "{\"depth\":1} x   | Up; Unknown: when.critical: the body is not JSON",
        "\"\"              | Up; Unknown: when.critical: the body is not JSON",
      })
  void aConditionJudgesWhatWasAnsweredAndSaysWhatItFound(String body, String words)
      throws Exception {
    server.answers("/stats", body);
    var when = new When("json.depth > 1000", "json.depth > 10000 && m.latency < duration('1h')");
    assertThat(HttpProbing.words(read(server.url() + "/stats", when))).startsWith(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status == 200 && up && latency < duration('1m')",
        "headers['content-length'] == string(size(body))",
        "!('x-missing' in headers) && !has(json.nothing)",
        "has(m.latency) && !has(m.certificateDays)",
        "json.items.filter(i, i.state == 'stuck').size() == 2",
        "json.items.map(i, i.n).exists(n, n == 3)",
        "body.matches('\"n\": *[0-9]{1,2}')",
        "json.none == null && json.ratio == 1",
        "json.no == 1 || up",
        "json.ok",
      })
  void allThatIsKnownCanBeAskedFor(String condition) throws Exception {
    server.answers(
        "/",
        "{\"items\":[{\"n\":1,\"state\":\"stuck\"},{\"n\":2,\"state\":\"ok\"},{\"n\":3,\"state\":\"stuck\"}],"
            + "\"none\":null,\"ratio\":1.0,\"ok\":true}");
    assertThat(read(server.url() + "/", new When(null, condition)))
        .isInstanceOfSatisfying(
            Reading.Judged.class,
            it -> assertThat(it.condition()).as("%s", it).isInstanceOf(Reading.Down.class));
  }

  @Test
  void whatIsDownOrUnknownStaysAsItIs() throws Exception {
    server.answers("/", 500, "{\"depth\":1}");
    assertThat(HttpProbing.words(read(server.url() + "/", new When("json.depth > 0", null))))
        .isEqualTo("Down: HTTP 500 Internal Server Error");
  }

  @Test
  void anImpairedOneIsJudgedTooButNotCalledUnknownForIt() throws Exception {
    server.answers("/", 404, "{\"depth\":1}");
    var url = server.url() + "/";
    assertThat(HttpProbing.words(read(url, new When(null, "!up && json.depth > 0"))))
        .isEqualTo(
            "Impaired: HTTP 404 Not Found; Down: up is false, json.depth is 1 (!up && json.depth > 0)");
    assertThat(HttpProbing.words(read(url, new When(null, "json.other > 0"))))
        .isEqualTo("Impaired: HTTP 404 Not Found");
  }

  @Test
  void whatIsRateLimitedIsUpAndNotAskedForWhatItDidNotAnswer() throws Exception {
    server.answers("/", 429, "slow down");
    assertThat(HttpProbing.words(read(server.url() + "/", new When("json.depth > 0", null))))
        .isEqualTo("Up: rate limited");
  }

  @Test
  void whatIsNamedOftenIsMadeOnce() {
    var facts = new Facts(true, Duration.ZERO, Measurements.NONE, Map.of(), null);
    assertThat(facts.find("m")).isSameAs(facts.find("m"));
  }

  @Test
  void aBodyThatWasCutOffIsNotTakenForJson() throws Exception {
    server.answers("/", "{\"a\":\"" + "x".repeat(70_000) + "\"}");
    assertThat(HttpProbing.words(read(server.url() + "/", new When("json.a == ''", null))))
        .contains("Unknown: when.degraded: the body is longer than 64 KiB");
  }

  @Test
  void anExpressionThatMeansNothingIsAMistakeOfSetUp() throws Exception {
    assertThat(HttpProbing.words(read("http://refused.test/", new When("jsn.depth > 1", null))))
        .isEqualTo("Unknown: when: 'jsn' is unknown; did you mean 'json'?");
  }

  @Test
  void aLimitInTheWrongUnitIsAMistakeOfSetUp() throws Exception {
    var limit = new Threshold("latency", new IntOrString("80%"), null, null, null);
    var target = ATarget.of("a", new TcpTarget("refused.test", 80)).thresholds(limit).build();
    var around = new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS);
    try (var deadline = DEADLINES.start(Duration.ofSeconds(10))) {
      assertThat(HttpProbing.words(Checks.of(target, spec(target), around).run(deadline)))
          .isEqualTo(
              "Unknown: thresholds: '80%' does not fit: latency is in seconds; right would be 500ms, 2s"
                  + " or 0.5");
    }
  }

  @Test
  void eachEndpointIsAskedAndTheWorstCounts() throws Exception {
    try (var other = new JsonServer().answers("/", "{\"depth\":7}")) {
      server.answers("/", "{\"depth\":3}");
      Endpoints pods =
          _ ->
              List.of(
                  new Endpoint("one", "127.0.0.1", URI.create(server.url()).getPort(), null),
                  new Endpoint("two", "127.0.0.1", URI.create(other.url()).getPort(), null));
      var service = new ServiceRef("queue", new IntOrString(80), HttpTarget.Scheme.HTTP);
      var when = new When("json.depth > 2", "json.depth > 5 && m.endpoints > 1");
      var kind = new HttpTarget(null, service, null, null, null, null, null, null);
      assertThat(HttpProbing.words(read(kind, when, pods, Duration.ofSeconds(10))))
          .startsWith("Up; Down: pod two: json.depth is 7, m.endpoints is 2 (json.depth > 5");
    }
  }

  static Stream<String> bombs() {
    return Stream.of(
        "json.list.exists(a, json.list.exists(b, json.list.exists(c, a == b + c + 1000000)))",
        "[body]" + ".map(a, a + a)".repeat(25) + "[0] == ''",
        "[[1]]" + ".map(a, a + a)".repeat(25) + "[0] == [2]",
        "json.list.map(a, body + body).size() == 0",
        "body.matches('((((x{100}){100}){100}){100})')",
        "json.list.exists(a, body.matches('(x+x+)+(x*x*)*y{1,900}z'))",
        "json.list.exists(a, body.contains(body + 'y'))",
        "json.list.exists(a, json == [json, json, a])",
        "json.list.map(a, [" + "a, ".repeat(200) + "a]).size() == 0",
        "json.list.map(a, {'b': json, 'c': [body, body]}).exists(a, a == json)");
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aBombEndsWithinItsTimeInBoundedMemoryAndSaysSo(String bomb) throws Exception {
    var list = IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
    server.answers("/", "{\"list\":" + list + ",\"x\":\"" + "x".repeat(35_000) + "\"}");
    var begun = System.nanoTime();
    var reading = read(server.url() + "/", new When(null, bomb), Duration.ofMillis(800));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1500));
    assertThat(HttpProbing.words(reading)).matches("(?s)Up(; Unknown: when.*)?");
  }

  @Test
  void whatIsNestedDeeplyIsComparedOrRefusedButBreaksNothing() throws Exception {
    server.answers("/", "[".repeat(990) + "]".repeat(990));
    assertThat(HttpProbing.words(read(server.url() + "/", new When(null, "json == [json]"))))
        .isEqualTo("Up");
    server.answers("/", "[".repeat(9_990) + "]".repeat(9_990));
    assertThat(HttpProbing.words(read(server.url() + "/", new When(null, "json == json"))))
        .startsWith("Up; Unknown: when.critical: the body is not JSON");
  }

  @Test
  void bombsDelayNoOtherCondition() throws Exception {
    var list = IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
    server.answers("/bomb", "{\"list\":" + list + ",\"x\":\"" + "x".repeat(35_000) + "\"}");
    server.answers("/", "{\"depth\":1}");
    var bomb = new When(null, "json.list.exists(a, body.matches('(x+x+)+(x*x*)*y{1,900}z'))");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var bombs = new ArrayList<java.util.concurrent.Future<Reading>>();
      for (var i = 0; i < 8; i++) {
        bombs.add(threads.submit(() -> read(server.url() + "/bomb", bomb, Duration.ofSeconds(3))));
      }
      for (var i = 0; i < 20; i++) {
        assertThat(HttpProbing.words(read(server.url() + "/", new When("json.depth == 1", null))))
            .isEqualTo("Up; Impaired: json.depth is 1 (json.depth == 1)");
      }
      for (var one : bombs) {
        assertThat(HttpProbing.words(one.get())).contains("Unknown: when takes too long");
      }
    }
  }

  @Test
  void noThreadIsLeftBehind() throws Exception {
    try (var evaluations = new Evaluations()) {
      for (var given : Collections.nCopies(40, Duration.ofMillis(1))) {
        try {
          evaluations.within(
              given,
              stop -> {
                while (true) {
                  stop.check();
                }
              });
        } catch (java.util.concurrent.TimeoutException _) {
          // as it must
        }
      }
      String said = evaluations.within(Duration.ofSeconds(30), _ -> "done");
      assertThat(said).isEqualTo("done");
    }
  }

  private static Reading read(String url, When when) throws InterruptedException {
    return read(url, when, Duration.ofSeconds(10));
  }

  private static Reading read(String url, When when, Duration timeout) throws InterruptedException {
    return read(
        new HttpTarget(url, null, null, null, null, null, null, null),
        when,
        Endpoints.NONE,
        timeout);
  }

  private static Reading read(TargetKind kind, When when, Endpoints endpoints, Duration timeout)
      throws InterruptedException {
    var around = new Surroundings(new OpenDialer(), Secrets.NONE, endpoints, CLIENTS);
    try (var deadline = DEADLINES.start(timeout)) {
      var target = ATarget.of("a", kind).when(when).build();
      return Checks.of(target, spec(target), around).run(deadline);
    }
  }

  private static MonitorSpec spec(Target target) {
    return new MonitorSpec(null, null, false, null, List.of(target), null, null);
  }
}
