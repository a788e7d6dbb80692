package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.secret.Mask;
import picocli.CommandLine.Option;

/** How much is logged, and how. Logs go to the standard error. */
final class LogOptions {

  /** Text for people, JSON for machines; auto is text on a terminal. */
  enum Format {
    auto,
    text,
    json
  }

  /** From quiet to loud. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "INFO",
      description =
          "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. What is sent to and received from the"
              + " Kubernetes API and Redis is never logged, for it holds secrets.")
  private Level level = Level.INFO;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description =
          "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}: text on a terminal, else JSON lines.")
  private Format format = Format.auto;

  void apply(Mask mask) {
    var json =
        switch (format) {
          case text -> false;
          case json -> true;
          case auto -> !Terminal.isStandardError();
        };
    Logging.toConsole(ch.qos.logback.classic.Level.toLevel(level.name()), json, mask);
  }
}
