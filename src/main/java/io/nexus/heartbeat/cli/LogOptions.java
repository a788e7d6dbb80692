package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.secret.Mask;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** How much is logged, and how. Logs go to the standard error. */
final class LogOptions {

  /** Text for people, JSON for machines, and what systemd's journal takes. */
  enum Format {
    auto,
    text,
    json,
    journal
  }

  /** From quiet to loud. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE,

    /** As Python names them. */
    WARNING,
    CRITICAL;

    private ch.qos.logback.classic.Level logbacks() {
      return switch (this) {
        case WARNING -> ch.qos.logback.classic.Level.WARN;
        case CRITICAL -> ch.qos.logback.classic.Level.ERROR;
        default -> ch.qos.logback.classic.Level.toLevel(name());
      };
    }
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
          "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}: text on a terminal, the journal's levels"
              + " where systemd's journal reads, else JSON lines.")
  private Format format = Format.auto;

  /** For a command that says nothing but its answer unless it is told to. */
  void applyWhereAsked(ParseResult line, Mask mask) {
    if (line.hasMatchedOption("--log-level") || line.hasMatchedOption("--log-format")) {
      apply(mask);
    }
  }

  void apply(Mask mask) {
    Logging.toConsole(level.logbacks(), chosen(), mask);
  }

  private Format chosen() {
    if (format != Format.auto) {
      return format;
    }
    if (Terminal.isStandardError()) {
      return Format.text;
    }
    return Terminal.isJournal(System.getenv()) ? Format.journal : Format.json;
  }
}
