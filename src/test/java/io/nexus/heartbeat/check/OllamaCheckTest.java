package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.OllamaTarget;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OllamaCheckTest {
  private static final Clients CLIENTS = Clients.create();

  /** As Ollama 0.5 answers, cut down. */
  private static final String TAGS =
      """
      {"models":[
        {"name":"llama3:latest","model":"llama3:latest","size":4661224676,"digest":"365c",
         "details":{"format":"gguf","families":["llama"],"parameter_size":"8.0B"}},
        {"name":"qwen2.5:7b","model":"qwen2.5:7b","size":4683087332}]}""";

  private static final String LOADED =
      """
      {"models":[{"name":"llama3:latest","size":5137025024,"size_vram":5137025024,
        "expires_at":"2026-11-24T10:00:00+01:00"},{"name":"qwen2.5:7b","size_vram":1000}]}""";

  private JsonServer ollama;

  @BeforeEach
  void start() throws IOException {
    ollama = new JsonServer().answers("/api/tags", TAGS).answers("/api/ps", LOADED);
  }

  @AfterEach
  void stop() {
    ollama.close();
  }

  @Test
  void tellsModelsThoseLoadedAndTheMemoryTheyTake() throws Exception {
    var up = (Reading.Up) read("llama3");

    assertThat(up.measurements().numbers())
        .containsEntry("models", 2.0)
        .containsEntry("loadedModels", 2.0)
        .containsEntry("vramBytes", 5137026024.0)
        .containsKey("latency");
  }

  @ParameterizedTest
  @CsvSource({
    "llama3, Up",
    "llama3:latest, Up",
    "LLAMA3, Up",
    "qwen2.5:7b, Up",
    "llama3:8b, Impaired: model llama3:8b is missing",
    "qwen2.5, Impaired: model qwen2.5 is missing",
    "registry:5000/llama3, Impaired: model registry:5000/llama3 is missing",
  })
  void aModelWithoutATagIsItsLatest(String wanted, String meaning) throws Exception {
    assertThat(HttpProbing.words(read(wanted))).isEqualTo(meaning);
  }

  @Test
  void severalMissingModelsAreNamedTogetherAndNotWithoutEnd() throws Exception {
    assertThat(HttpProbing.words(read("a", "llama3", "b")))
        .isEqualTo("Impaired: 2 models are missing: a, b");
    assertThat(HttpProbing.words(read("a", "b", "c", "d", "e", "f")))
        .isEqualTo("Impaired: 6 models are missing: a, b, c, d, e …");
  }

  @Test
  void aServerWithoutModelsIsUpWhenNoneIsWanted() throws Exception {
    for (var none : List.of("{\"models\":null}", "{\"models\":[]}")) {
      ollama.answers("/api/tags", none).answers("/api/ps", none);

      assertThat(((Reading.Up) read()).measurements().numbers())
          .containsEntry("models", 0.0)
          .containsEntry("vramBytes", 0.0);
    }
  }

  @Test
  void aServerThatDoesNotKnowWhatIsLoadedSaysSo() throws Exception {
    ollama.answers("/api/ps", 404, "404 page not found");

    var measured = ((Reading.Up) read("llama3")).measurements();

    assertThat(measured.numbers()).containsEntry("models", 2.0).doesNotContainKey("vramBytes");
    assertThat(measured.absent()).containsEntry("vramBytes", "this Ollama is too old to tell");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/tags, 503, Down: HTTP 503 Service Unavailable",
    "/api/ps, 500, Down: HTTP 500 Internal Server Error",
    "/api/tags, 429, Up: rate limited",
    "/api/ps, 429, Up: rate limited",
    "/api/tags, 404, Unknown: GET /api/tags: HTTP 404 Not Found; url must lead to an Ollama server",
    "/api/tags, 401, Unknown: GET /api/tags: HTTP 401 Unauthorized; url must lead to an Ollama server",
    "/api/tags, 302, Unknown: GET /api/tags: HTTP 302 Temporary Redirect; url must lead to an Ollama server",
  })
  void aStatusIsToldForWhatItIs(String path, int status, String meaning) throws Exception {
    ollama.answers(path, status, "whatever");

    assertThat(HttpProbing.words(read())).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<h1>Hi</h1> | Down: answered GET /api/tags with what is no JSON: <h1>Hi</h1>",
        "'' | Down: answered GET /api/tags with what is no JSON, but empty",
        "{} | Down: answered GET /api/tags with JSON, but of another form",
        "{\"models\":7} | Down: answered GET /api/tags with JSON, but of another form",
        "{\"models\":[{\"name\":\"ll | Down: answered GET /api/tags with what is no JSON: {\"models\":[{\"name\":\"ll",
      })
  void anAnswerThatIsNotOllamasIsDownInWords(String body, String meaning) throws Exception {
    ollama.answers("/api/tags", body);

    assertThat(HttpProbing.words(read())).isEqualTo(meaning);
  }

  @Test
  void aPathOfTheUrlIsKept() throws Exception {
    ollama.answers("/llm/api/tags", TAGS).answers("/llm/api/ps", LOADED);

    assertThat(HttpProbing.words(read(ollama.url() + "/llm/", List.of()))).isEqualTo("Up");
    assertThat(ollama.asked)
        .extracting("line")
        .containsExactly("GET /llm/api/tags", "GET /llm/api/ps");
  }

  @Test
  void refusedIsDown() throws Exception {
    var url = ollama.url();
    ollama.close();

    assertThat(HttpProbing.words(read(url, List.of()))).isEqualTo("Down: connection refused");
  }

  @Test
  void silenceIsDownByItsTimeout() throws Exception {
    try (var silent = running(ScriptedServer::hang)) {
      var reading = read("http://ollama.test:" + silent.port(), List.of(), Duration.ofMillis(300));
      assertThat(HttpProbing.words(reading)).isEqualTo("Down: timed out after 300 ms");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.nexus.heartbeat.check.HostileAnswers#all")
  void whateverIsAnsweredItEndsInTimeWithWords(String name, Script script) throws Exception {
    var timeout = Duration.ofSeconds(2);
    try (var hostile = running(script)) {
      var begun = System.nanoTime();
      var reading = read("http://ollama.test:" + hostile.port(), List.of("llama3"), timeout);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
      assertThat(reading).isNotInstanceOf(Reading.Up.class);
      assertThat(HttpProbing.words(reading)).hasSizeLessThan(300).doesNotContain("Exception");
    }
  }

  private Reading read(String... models) throws InterruptedException {
    return read(ollama.url(), List.of(models));
  }

  private static Reading read(String url, List<String> models) throws InterruptedException {
    return read(url, models, Duration.ofSeconds(10));
  }

  private static Reading read(String url, List<String> models, Duration timeout)
      throws InterruptedException {
    var surroundings = new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return OllamaCheck.of(new OllamaTarget(url, models, null), surroundings).run(deadline);
    }
  }
}
