package io.nexus.heartbeat.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cli.MonitorSummary.Open;
import io.nexus.heartbeat.decide.Words;
import io.nexus.heartbeat.net.Plain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * How monitors are, for people and for programs.
 *
 * @param again what follows a command, so that it is given in the same place
 */
record StatusReport(List<MonitorSummary> monitors, String again, Instant now) {
  /** Of a message on a line of a table; all of it stands below, where an incident is open. */
  private static final int LONGEST = 200;

  private static final int LONGEST_TEXT = 2_000;

  String text(Ansi ansi) {
    if (monitors.isEmpty()) {
      return "there is no monitor here" + System.lineSeparator();
    }
    var lines = new ArrayList<String>();
    table(lines, ansi);
    for (var monitor : monitors) {
      pause(monitor, lines);
      refused(monitor, lines);
      monitor.incidents().forEach(open -> incident(monitor, open, lines, ansi));
    }
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private void table(List<String> lines, Ansi ansi) {
    var form =
        column("MONITOR", m -> m.key().toString())
            + column("LEVEL", m -> m.level().name())
            + column("HEALTHY", MonitorSummary::healthy)
            + column("RECOVERY", MonitorSummary::recovery)
            + column("FOR", this::since)
            + "%s";
    lines.add(form.formatted("MONITOR", "LEVEL", "HEALTHY", "RECOVERY", "FOR", "MESSAGE"));
    for (var monitor : monitors) {
      var row =
          form.formatted(
                  monitor.key(),
                  monitor.level(),
                  monitor.healthy(),
                  monitor.recovery(),
                  since(monitor),
                  Plain.text(monitor.message(), LONGEST))
              .stripTrailing();
      lines.add(coloured(row, monitor.level(), ansi));
    }
  }

  private String column(String name, Function<MonitorSummary, String> value) {
    var width = monitors.stream().map(value).mapToInt(String::length).max().orElse(0);
    return "%-" + Math.max(name.length(), width) + "s  ";
  }

  private String since(MonitorSummary monitor) {
    return monitor.since() == null ? "" : lasting(monitor.since());
  }

  private String lasting(Instant since) {
    var duration = Duration.between(since, now);
    return duration.isNegative() ? "0 s" : Words.of(duration.withNanos(0));
  }

  private void pause(MonitorSummary monitor, List<String> lines) {
    var pause = monitor.pause();
    if (pause != null) {
      lines.add("");
      lines.add(
          "%s: repair is paused by %s, since %s, %s"
              .formatted(
                  monitor.key(),
                  pause.by(),
                  Words.of(pause.since()),
                  pause.until() == null
                      ? "until somebody resumes it"
                      : "until " + Words.of(pause.until())));
      lines.add("  end that:               " + command("resume", monitor, null));
    }
  }

  private static void refused(MonitorSummary monitor, List<String> lines) {
    var refused = monitor.refused();
    if (refused != null) {
      lines.add("");
      lines.add(
          "%s: the last order was refused: %s, by %s: %s"
              .formatted(
                  monitor.key(),
                  refused.order().word(),
                  refused.by(),
                  Plain.text(refused.message(), LONGEST_TEXT)));
    }
  }

  private void incident(MonitorSummary monitor, Open open, List<String> lines, Ansi ansi) {
    lines.add("");
    lines.add(
        coloured(
            "%s › %s: %s for %s, incident %s%s"
                .formatted(
                    monitor.key(),
                    open.target(),
                    open.level(),
                    lasting(open.openedAt()),
                    open.id(),
                    open.acknowledgedBy() == null
                        ? ""
                        : ", taken care of by " + open.acknowledgedBy()),
            open.level(),
            ansi));
    lines.add("  " + Plain.text(open.cause(), LONGEST_TEXT));
    var repair = open.repair();
    if (repair != null) {
      lines.add(
          "  %s%s%s"
              .formatted(
                  repair.action().isEmpty() ? "repair: " : repair.action() + ": ",
                  repair.phase(),
                  repair.message().isEmpty()
                      ? ""
                      : ", " + Plain.text(repair.message(), LONGEST_TEXT)));
    }
    commands(monitor, open).forEach((what, how) -> lines.add("  %-23s %s".formatted(what, how)));
  }

  /** What a person may do about it. */
  private Map<String, String> commands(MonitorSummary monitor, Open open) {
    var commands = new LinkedHashMap<String, String>();
    var step = open.repair() == null ? null : open.repair().step();
    if (step != null) {
      commands.put("let it be done:", command("approve", monitor, step));
    }
    if (open.isExhausted()) {
      commands.put("begin its repair anew:", command("reset", monitor, open.target()));
    }
    if (open.acknowledgedBy() == null) {
      commands.put("say that you take it:", command("ack", monitor, open.target()));
    }
    return commands;
  }

  private String command(String order, MonitorSummary monitor, @Nullable String what) {
    return "heartbeat %s %s%s%s"
        .formatted(order, monitor.key(), what == null ? "" : " " + what, again);
  }

  private static String coloured(String row, Level level, Ansi ansi) {
    var style =
        switch (level) {
          case Healthy -> "";
          case Degraded -> "yellow";
          case Unknown -> "magenta";
          case Critical -> "bold,red";
        };
    return style.isEmpty() ? row : ansi.apply(row, List.of(Ansi.Style.parse(style))).toString();
  }

  /** For programs: enumerations in lower case, as in every report. */
  String data(StatusCommand.Format format) {
    var mapper =
        format == StatusCommand.Format.json
            ? new ObjectMapper()
            : new ObjectMapper(
                new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));
    var data = Map.of("monitors", monitors.stream().map(this::entry).toList());
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(data).stripTrailing()
          + System.lineSeparator();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of words and numbers can be written", e);
    }
  }

  private Map<String, Object> entry(MonitorSummary monitor) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("namespace", monitor.key().namespace());
    entry.put("name", monitor.key().name());
    entry.put("level", CheckReport.word(monitor.level()));
    entry.put("healthy", monitor.healthy());
    entry.put("recovery", monitor.recovery());
    entry.put("since", monitor.since() == null ? null : monitor.since().toString());
    entry.put("message", monitor.message());
    var pause = monitor.pause();
    if (pause != null) {
      var paused = new LinkedHashMap<String, Object>();
      paused.put("by", pause.by());
      paused.put("since", pause.since().toString());
      paused.put("until", pause.until() == null ? null : pause.until().toString());
      paused.put("command", command("resume", monitor, null));
      entry.put("paused", paused);
    }
    entry.put("incidents", monitor.incidents().stream().map(o -> entry(monitor, o)).toList());
    return entry;
  }

  private Map<String, Object> entry(MonitorSummary monitor, Open open) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("id", open.id());
    entry.put("target", open.target());
    entry.put("level", CheckReport.word(open.level()));
    entry.put("cause", open.cause());
    entry.put("openedAt", open.openedAt().toString());
    entry.put("acknowledgedBy", open.acknowledgedBy());
    var repair = open.repair();
    if (repair != null) {
      var shown = new LinkedHashMap<String, Object>();
      shown.put("phase", repair.phase().name());
      shown.put("action", repair.action());
      shown.put("message", repair.message());
      shown.put("step", repair.step());
      entry.put("repair", shown);
    }
    entry.put("commands", List.copyOf(commands(monitor, open).values()));
    return entry;
  }
}
