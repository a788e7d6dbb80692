package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.standalone.repair.Work.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The systemctl of this machine. It waits for what it asks of systemd; when it is killed, that goes
 * on.
 *
 * @param path the directories that are searched, as PATH has them
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/systemctl.html">its
 *     manual</a>
 */
record Systemctl(Programs programs, Words words, String path) {
  /** As systemctl ends when it is not allowed (LSB). */
  private static final int NO_PERMISSION = 4;

  UnitState show(String unit, Deadline deadline) throws InterruptedException, Programs.Untold {
    return UnitState.of(
        unit,
        said(deadline, "show", "--property=" + String.join(",", UnitState.ASKED), "--", unit));
  }

  /** All of that kind, started or not. */
  List<String> units(String kind, Deadline deadline) throws InterruptedException, Programs.Untold {
    return said(deadline, "list-unit-files", "--no-legend", "--type=" + kind)
        .lines()
        .map(line -> line.strip().split("\\s+", 2)[0])
        .filter(name -> !name.isEmpty())
        .toList();
  }

  End restart(String unit, Consumer<ProcessHandle> begun, Deadline deadline)
      throws InterruptedException {
    try {
      var ended = programs.act(command("restart", "--", unit), Map.of(), begun, deadline);
      return ended.exitCode() != null && ended.exitCode() == 0
          ? words.end(ended)
          : new End(ended.exitCode(), why(unit, ended), words.lines(ended.last()));
    } catch (Programs.Untold e) {
      return words.end(e);
    }
  }

  /** Its first line says what is the matter, the others where to read more. */
  private String why(String unit, Programs.Ended ended) {
    if (ended.exitCode() == null) {
      return "systemctl " + ended.how() + "; what it asked for may still be done";
    }
    var lines = words.lines(ended.last());
    var said =
        lines.isEmpty()
            ? "systemctl " + ended.how()
            : lines.getFirst().replaceFirst("^Failed to restart \\S+: ", "");
    var refused =
        ended.exitCode() == NO_PERMISSION
            || said.matches("(?i).*(authentication (is )?required|access denied|not authorized).*");
    return refused
        ? "%s: %s To allow it: %s".formatted(unit, sentence(said), howToAllow(unit))
        : said;
  }

  static String howToAllow(String unit) {
    return "name %s in heartbeat.rules and put that into /etc/polkit-1/rules.d/ (docs/recovery-host.md)"
        .formatted(unit);
  }

  private static String sentence(String said) {
    return said.endsWith(".") ? said : said + ".";
  }

  private String said(Deadline deadline, String... arguments)
      throws InterruptedException, Programs.Untold {
    var said = programs.run(command(arguments), deadline);
    if (said.exitCode() != 0) {
      var lines = words.lines(said.err());
      throw new Programs.Untold(
          "systemctl "
              + (lines.isEmpty()
                  ? "ended with exit code " + said.exitCode()
                  : "says: " + lines.getFirst()),
          null);
    }
    return said.out();
  }

  private List<String> command(String... arguments) throws Programs.Untold {
    var program =
        Programs.find("systemctl", path)
            .orElseThrow(
                () ->
                    new Programs.Untold(
                        "there is no systemctl in the directories of PATH, so no systemd here",
                        null));
    var command =
        new ArrayList<>(List.of(program.toString(), "--system", "--no-ask-password", "--no-pager"));
    command.addAll(List.of(arguments));
    return command;
  }
}
