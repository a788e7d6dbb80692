package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.secret.Mask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whoever logs, by whatever way: one record is one line, masked, and as loud as it was asked. */
class LoggingTest {
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Mask mask = new Mask();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(written, true, UTF_8));
  }

  @AfterEach
  void release() {
    System.setErr(stderr);
    Logging.quiet();
  }

  @Test
  void whatIsLoggedByJavaUtilLoggingPassesTheMask() {
    mask.learn("hunter2-of-redis");
    for (var format :
        List.of(LogOptions.Format.text, LogOptions.Format.json, LogOptions.Format.journal)) {
      written.reset();
      Logging.toConsole(Level.INFO, format, mask);
      Logger.getLogger("java.somewhere").warning("connecting with hunter2-of-redis failed");
      assertThat(lines()).singleElement().asString().contains("connecting with *** failed");
    }
  }

  @Test
  void levelsHoldForJavaUtilLoggingWhereItIsAskedSoThatNoRecordIsMadeInVain() {
    var jdk = Logger.getLogger("java.net.somewhere");
    var driver = Logger.getLogger("org.postgresql.Driver");

    Logging.toConsole(Level.INFO, LogOptions.Format.text, mask);
    assertThat(jdk.isLoggable(java.util.logging.Level.FINE)).isFalse();
    assertThat(jdk.isLoggable(java.util.logging.Level.INFO)).isTrue();
    assertThat(driver.isLoggable(java.util.logging.Level.SEVERE)).isFalse();
    driver.severe("not for whoever runs Heartbeat");
    assertThat(lines()).isEmpty();

    Logging.toConsole(Level.DEBUG, LogOptions.Format.text, mask);
    driver.fine("for whoever looks closely");
    assertThat(lines()).singleElement().asString().contains("DEBUG Driver: for whoever");

    Logging.toConsole(Level.INFO, LogOptions.Format.text, mask);
    assertThat(driver.isLoggable(java.util.logging.Level.SEVERE)).isFalse();
  }

  @Test
  void whoPrintsWhatIsSentAndReceivedStaysQuietAtEveryLevelForNoMaskKnowsASecretBeforeItIsRead() {
    for (var level : List.of(Level.INFO, Level.DEBUG, Level.TRACE)) {
      Logging.toConsole(level, LogOptions.Format.text, mask);
      for (var name :
          List.of(
              "io.fabric8.kubernetes.client.http.HttpLoggingInterceptor",
              "io.lettuce.core.protocol.CommandHandler",
              "io.netty.handler.logging.LoggingHandler")) {
        assertThat(LoggerFactory.getLogger(name).isInfoEnabled()).as(name + level).isFalse();
      }
    }
    assertThat(LoggerFactory.getLogger("io.javaoperatorsdk").isTraceEnabled()).isTrue();
  }

  @Test
  void noMessageCanForgeALineOrSteerATerminal() {
    Logging.toConsole(Level.INFO, LogOptions.Format.text, mask);
    LoggerFactory.getLogger("a.b.Web")
        .info(
            "it said {}",
            "a\r\n2026-01-01T00:00:00.000Z ERROR Engine: b\u001b[2J\u0085\u2028\u202e\tü\0");
    assertThat(lines())
        .singleElement()
        .asString()
        .endsWith(
            "Z INFO  Web: it said a\\r\\n2026-01-01T00:00:00.000Z ERROR Engine:"
                + " b\\u001b[2J\\u0085\\u2028\\u202e\\tü\\u0000");
  }

  @Test
  void aStackTraceIsReadableAndItsMessagesForgeNothing() {
    Logging.toConsole(Level.INFO, LogOptions.Format.text, mask);
    var cause = new IllegalArgumentException("why\n2026-01-01T00:00:00.000Z ERROR Engine: forged");
    LoggerFactory.getLogger("a.b.Web").error("failed", new IllegalStateException("what\r", cause));

    var lines = lines();
    assertThat(lines.getFirst()).endsWith(" ERROR Web: failed");
    assertThat(lines.get(1)).isEqualTo("  java.lang.IllegalStateException: what\\r");
    assertThat(lines.get(2)).startsWith("  \tat io.nexus.heartbeat.cli.LoggingTest.");
    assertThat(lines).contains("  Caused by: java.lang.IllegalArgumentException: why");
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("  "));
  }

  @Test
  void aSecretOfSeveralLinesIsMaskedInAMessageAndInATrace() {
    mask.learn("-----BEGIN-----\nline \"one\"\r\nline two\n-----END-----");
    Logging.toConsole(Level.INFO, LogOptions.Format.text, mask);
    var text = "key -----BEGIN-----\nline \"one\"\r\nline two\n-----END----- is wrong";
    LoggerFactory.getLogger("a.b.Web").error(text, new IllegalStateException(text));
    assertThat(written.toString(UTF_8)).contains("key *** is wrong").doesNotContain("line two");
  }

  private List<String> lines() {
    return written.toString(UTF_8).lines().toList();
  }

  @Test
  void theJournalGetsItsLevelsOnEachLineOfARecordAndNoTimeOfOurs() {
    Logging.toConsole(Level.INFO, LogOptions.Format.journal, mask);
    var log = LoggerFactory.getLogger("a.b.Courier");
    log.info("told");
    log.error("broken", new IllegalStateException("why"));
    assertThat(lines())
        .startsWith(
            "<6>Courier: told", "<3>Courier: broken", "<3>  java.lang.IllegalStateException: why")
        .allMatch(line -> line.startsWith("<"));
  }

  @Test
  void inJsonARecordIsALineWithItsTimeAndWhatItKnows() throws Exception {
    Logging.toConsole(Level.INFO, LogOptions.Format.json, mask);
    LoggerFactory.getLogger("a.b.Transitions")
        .atInfo()
        .addKeyValue("monitor", "default/nexus")
        .log("default/nexus: \"two\nlines\"");
    var record = new ObjectMapper().readTree(lines().getFirst());
    assertThat(Instant.parse(record.path("time").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(record.path("message").asText()).isEqualTo("default/nexus: \"two\nlines\"");
    assertThat(record.path("monitor").asText()).isEqualTo("default/nexus");
    assertThat(record.has("stack")).isFalse();
    assertThat(lines()).singleElement().asString().doesNotContain("\\/");
  }
}
