package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import io.nexus.heartbeat.secret.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Logs are coloured for eyes only: by the stream they go to, on a terminal of {@code script(1)}.
 */
class ColoursTest {
  private static final String COLOUR = "\u001b[";

  @TempDir private Path directory;

  /** What is run on the terminal. */
  static final class Speaker {
    public static void main(String[] args) {
      Logging.toConsole(Level.INFO, LogOptions.Format.text, new Mask());
      LoggerFactory.getLogger("Web").warn("said");
    }
  }

  @BeforeEach
  void aTerminalIsThere() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script"))
            && System.getProperty("os.name").equals("Linux"),
        "needs script(1) of util-linux, for a terminal");
  }

  @Test
  void onATerminalThereAreColoursWhereverTheStandardOutputGoes() throws Exception {
    assertThat(onTerminal("1>out", Map.of())).contains("said", COLOUR);
  }

  @Test
  void inAFileThereAreNoneThoughTheStandardOutputIsATerminal() throws Exception {
    onTerminal("2>err", Map.of());
    assertThat(directory.resolve("err"))
        .content()
        .contains("WARN  Web: said")
        .doesNotContain(COLOUR);
  }

  @Test
  void whoWantsNoColourGetsNone() throws Exception {
    assertThat(onTerminal("1>out", Map.of("NO_COLOR", "1")))
        .contains("said")
        .doesNotContain(COLOUR);
    // no-color.org: "when present and not an empty string"
    assertThat(onTerminal("1>out", Map.of("NO_COLOR", ""))).contains("said").contains(COLOUR);
  }

  private String onTerminal(String redirection, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command =
        "'%s' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp '%s' '%s' %s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Speaker.class.getName(),
                redirection);
    var builder =
        new ProcessBuilder("/usr/bin/script", "-qec", command, "/dev/null")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().remove("NO_COLOR");
    builder.environment().putAll(environment);
    var script = builder.start();
    var seen = new String(script.getInputStream().readAllBytes(), UTF_8);
    assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(script.exitValue()).as(seen).isZero();
    return seen;
  }
}
