package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.nexus.heartbeat.secret.Mask;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How logs are written: by code, because what is masked is known only at run time. */
final class Logging {
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

  /**
   * Who at TRACE or DEBUG prints what is sent and received, whole Secrets and tokens among it,
   * which no mask knows before they are read. Fabric8: HttpLoggingInterceptor, installed while its
   * logger is at TRACE.
   */
  private static final List<String> VERBATIM =
      List.of("io.fabric8.kubernetes.client.http", "io.lettuce", "io.netty");

  private Logging() {}

  /** Before anything is configured, and for commands that answer on the standard output. */
  static void quiet() {
    var mask = new Mask();
    configure(Level.WARN, text(false, mask), new ConsoleAppender<>(), mask);
  }

  /** To the standard error. */
  static void toConsole(Level level, LogOptions.Format format, Mask mask) {
    var encoder =
        switch (format) {
          case text -> text(Terminal.wantsColours(System.getenv()), mask);
          case json -> encoder(new JsonLayout());
          case journal -> encoder(TextLayout.journal(mask));
          case auto -> throw new IllegalArgumentException("auto is not a format to write in");
        };
    configure(level, encoder, new ConsoleAppender<>(), mask);
  }

  /** To a file, for the demo, whose terminal tells a story. */
  static void toFile(Level level, Path file, Mask mask) {
    var appender = new FileAppender<ILoggingEvent>();
    appender.setFile(file.toString());
    configure(level, text(false, mask), appender, mask);
  }

  private static void configure(
      Level level,
      Encoder<ILoggingEvent> encoder,
      OutputStreamAppender<ILoggingEvent> appender,
      Mask mask) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    bridge(context);
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
    } else {
      VERBATIM.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    }
  }

  /**
   * pgjdbc and the JDK log by java.util.logging. Our levels become its levels, so that a record
   * that nobody wants is not made; without that the bridge would be handed each one.
   */
  private static void bridge(LoggerContext context) {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
    var levels = new LevelChangePropagator();
    levels.setContext(context);
    levels.setResetJUL(true);
    levels.start();
    context.addListener(levels);
  }

  private static Encoder<ILoggingEvent> text(boolean colours, Mask mask) {
    return encoder(TextLayout.plain(colours, mask));
  }

  private static Encoder<ILoggingEvent> encoder(Layout<ILoggingEvent> layout) {
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setLayout(layout);
    encoder.setCharset(UTF_8);
    return encoder;
  }
}
