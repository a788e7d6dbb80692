package io.nexus.heartbeat.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page, from the very texts of {@code --help}: man(7). */
final class ManPage {
  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  static String of(CommandLine program, String version) {
    var made = new ManPage();
    made.write(program, version);
    return made.page.toString();
  }

  private void write(CommandLine program, String version) {
    macro(".TH HEARTBEAT 1 \"\" \"heartbeat " + text(version) + "\" \"User Commands\"");
    macro(".SH NAME");
    line("heartbeat - watches what a service needs, repairs it safely and tells people");
    macro(".SH SYNOPSIS");
    macro(".B heartbeat");
    line("COMMAND [OPTION]...");
    macro(".SH DESCRIPTION");
    paragraphs(program);
    macro(".SH COMMANDS");
    for (var command : program.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        command(command);
      }
    }
    macro(".SH ENVIRONMENT");
    item("HEARTBEAT_JAVA_OPTS", List.of("Further options for java, for example -Xmx256m."));
    item("NO_COLOR", List.of("Set to anything: no colours."));
    macro(".SH FILES");
    item("/etc/heartbeat/monitor.yaml", List.of("What the service watches."));
    item("/etc/heartbeat/secrets/NAME/KEY", List.of("The Secrets that it names."));
    item("/var/lib/heartbeat", List.of("The service's state."));
    macro(".SH SEE ALSO");
    line("systemctl(1), journalctl(1), kubectl(1)");
  }

  private void command(CommandLine command) {
    macro(".SS " + text(command.getCommandName()));
    paragraphs(command);
    for (var option : command.getCommandSpec().options()) {
      if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
        item(names(option), described(option));
      }
    }
  }

  private static String names(OptionSpec option) {
    var names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  /** With its variables filled in. */
  private static List<String> described(OptionSpec option) {
    return List.of(option.description()).stream()
        .map(
            line ->
                line.replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))
                    .replace("${COMPLETION-CANDIDATES}", candidates(option)))
        .toList();
  }

  private static String candidates(OptionSpec option) {
    var candidates = option.completionCandidates();
    return candidates == null ? "" : String.join(", ", candidates);
  }

  private void paragraphs(CommandLine command) {
    for (var line : command.getCommandSpec().usageMessage().description()) {
      macro(".PP");
      line(line.replace("%n", ""));
    }
  }

  private void item(String term, List<String> lines) {
    macro(".TP");
    macro(".B " + text(term));
    lines.forEach(this::line);
  }

  private void macro(String macro) {
    page.append(macro).append('\n');
  }

  /** A line of text that begins with a dot or an apostrophe would be a macro: \& before it. */
  private void line(String line) {
    page.append("\\&").append(text(line)).append('\n');
  }

  private static String text(String text) {
    return Ansi.OFF.string(text).replace("\\", "\\e").replace("-", "\\-");
  }
}
