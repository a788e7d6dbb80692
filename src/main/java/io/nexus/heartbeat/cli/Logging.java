package io.nexus.heartbeat.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.nexus.heartbeat.secret.Mask;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** How logs are written: by code, because what is masked is known only at run time. */
final class Logging {
  private static final String TEXT =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\",UTC} %-5level %logger{0}: %msg%n";
  private static final String COLOURED =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\",UTC} %highlight(%-5level) %logger{0}: %msg%n";

  /** What libraries say is rarely for whoever runs Heartbeat. */
  private static final Map<String, Level> LIBRARIES =
      Map.of(
          "io.fabric8", Level.ERROR,
          "io.javaoperatorsdk", Level.WARN,
          "Default ConfigurationService implementation", Level.WARN,
          "io.lettuce", Level.ERROR,
          "io.netty", Level.ERROR,
          "reactor", Level.ERROR,
          "org.postgresql", Level.OFF,
          "org.xbill", Level.ERROR,
          "io.micrometer", Level.WARN);

  private Logging() {}

  /** Before anything is configured, and for commands that answer on the standard output. */
  static void quiet() {
    configure(Level.WARN, text(false), new ConsoleAppender<>(), new Mask());
  }

  /**
   * To the standard error.
   *
   * @param json JSON lines instead of text
   */
  static void toConsole(Level level, boolean json, Mask mask) {
    var colours = System.console() != null && System.console().isTerminal() && noColor() == null;
    configure(level, json ? json() : text(colours), new ConsoleAppender<>(), mask);
  }

  /** To a file, for the demo, whose terminal tells a story. */
  static void toFile(Level level, Path file, Mask mask) {
    var appender = new FileAppender<ILoggingEvent>();
    appender.setFile(file.toString());
    configure(level, text(false), appender, mask);
  }

  private static @Nullable String noColor() {
    return System.getenv("NO_COLOR");
  }

  private static void configure(
      Level level,
      Encoder<ILoggingEvent> encoder,
      OutputStreamAppender<ILoggingEvent> appender,
      Mask mask) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
      console.setTarget("System.err");
    }
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(new MaskingEncoder(encoder, mask));
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    if (level.isGreaterOrEqual(Level.INFO)) {
      LIBRARIES.forEach((name, most) -> context.getLogger(name).setLevel(most));
    }
  }

  private static Encoder<ILoggingEvent> text(boolean colours) {
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern(colours ? COLOURED : TEXT);
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    var encoder = new JsonEncoder();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMessage(false); // the formatted one is enough
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    return encoder;
  }
}
