package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.cleanup.Result;
import io.nexus.heartbeat.cleanup.Spared;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanupCommandTest {
  @TempDir private Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path old(String path) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
    return Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(Duration.ofDays(100))));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var all = new ArrayList<>(List.of("cleanup", "--root", root.toString()));
    all.addAll(List.of(arguments));
    return Typed.run(out, err, all.toArray(String[]::new));
  }

  @Test
  void eachPathHasItsOwnMatchAndAge() throws Exception {
    old("logs/a.log");
    old("logs/a.txt");
    old("reports/a.pdf");
    assertThat(
            run(
                "--path",
                "logs",
                "--match",
                "*.log",
                "--older-than",
                "168h",
                "--path",
                "reports",
                "--older-than",
                "3000h",
                "--keep-newest",
                "0"))
        .isZero();
    assertThat(root.resolve("logs/a.log")).doesNotExist();
    assertThat(root.resolve("logs/a.txt")).exists();
    assertThat(root.resolve("reports/a.pdf")).exists();
    assertThat(out.toString())
        .startsWith("deleted 1 file (")
        .contains("spared: 1 not old enough")
        .contains(" free, whoever else wrote or deleted meanwhile");
  }

  @Test
  void aDryRunPrintsEachPathAndDeletesNothing() throws Exception {
    old("logs/a\nb.log");
    old("logs/c.log");
    assertThat(run("--path", "logs", "--older-than", "1h", "--keep-newest", "0", "--dry-run"))
        .isZero();
    assertThat(out.toString().lines())
        .contains("logs/a\\nb.log", "logs/c.log")
        .anyMatch(line -> line.startsWith("would delete 2 files ("));
    assertThat(root.resolve("logs/c.log")).exists();
  }

  @Test
  void aDryRunInJsonIsOneObject() throws Exception {
    old("logs/\"a\nb.log");
    run("--path", "logs", "--older-than", "1h", "--keep-newest", "0", "--dry-run", "-o", "json");
    var said = new ObjectMapper().readTree(out.toString());
    assertThat(said.path("paths").path(0).asText()).isEqualTo("logs/\"a\\nb.log");
    assertThat(said.path("files").asLong()).isEqualTo(1);
    assertThat(said.path("dryRun").asBoolean()).isTrue();
  }

  @Test
  void aJobTakesAPlanAndLeavesItsResultInAFewBytes() throws Exception {
    for (var i = 0; i < 50; i++) {
      Files.createDirectories(root.resolve("logs"));
      Files.createSymbolicLink(root.resolve("logs/" + "\u0001".repeat(200) + i), root);
    }
    for (var i = 0; i < 3; i++) {
      old("logs/" + i + ".log");
    }
    var file = root.resolve("result");
    assertThat(
            run(
                "--plan",
                "{\"paths\": [{\"path\": \"logs\", \"olderThan\": \"168h\"}], \"keepNewest\": 1}",
                "--result",
                file.toString()))
        .isZero();
    assertThat(file)
        .content(UTF_8)
        .satisfies(text -> assertThat(text.getBytes(UTF_8)).hasSizeLessThan(4096));
    var result = new ObjectMapper().readValue(file.toFile(), Result.class);
    assertThat(result.files()).isEqualTo(2);
    assertThat(result.spared())
        .containsEntry(Spared.Newest, 1L)
        .containsEntry(Spared.SymbolicLink, 50L);
  }

  @Test
  void whatIsNotWholeIsSaidByTheExitCode() throws Exception {
    old("logs/a.log");
    assertThat(
            run("--path", "logs", "--older-than", "1h", "--keep-newest", "0", "--deadline", "0s"))
        .isEqualTo(1);
    assertThat(out.toString()).contains("time was up before all was looked at");
  }

  @Test
  void aMistakeIsAMessageAndNothingIsDeleted() throws Exception {
    old("logs/a.log");
    assertMistake(64, "Say --path, or --plan");
    assertMistake(64, "olderThan is required", "--path", "logs");
    assertMistake(64, "everything is never deleted", "--path", ".", "--older-than", "1h");
    assertMistake(64, "is not a path below the root", "--path", "../x", "--older-than", "1h");
    assertMistake(64, "is not a duration", "--path", "logs", "--older-than", "7d");
    assertMistake(64, "leave --path and --keep away", "--plan", "{}", "--keep", "x");
    assertMistake(78, "paths are needed", "--plan", "{}");
    assertMistake(78, "'kep' is not known", "--plan", "{\"kep\": []}");
    assertMistake(
        78,
        "--plan: '7d' is not a duration",
        "--plan",
        "{\"paths\": [{\"path\": \"logs\", \"olderThan\": \"7d\"}]}");
    assertMistake(78, "--plan: ", "--plan", "{");
    assertMistake(78, "--plan: ", "--plan", "[1]");
    assertThat(root.resolve("logs/a.log")).exists();
  }

  private void assertMistake(int code, String words, String... arguments) {
    assertThat(run(arguments)).as(words).isEqualTo(code);
    assertThat(err.toString()).contains(words).doesNotContain("\tat ", "java.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aRootThatIsNotThereIsAMessage() {
    assertThat(
            Typed.run(
                out, err, "cleanup", "--root", "/no/where", "--path", "a", "--older-than", "1h"))
        .isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err.toString()).contains("there is no /no/where here");
  }
}
