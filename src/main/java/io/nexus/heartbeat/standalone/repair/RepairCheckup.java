package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.standalone.Diagnosis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Whether what is declared could be done to this machine. Nothing is done. */
public final class RepairCheckup {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String OURS = "heartbeat.service";
  private static final String MANAGE = "org.freedesktop.systemd1.manage-units";

  private final Deadlines deadlines;
  private final Words words;
  private final String path;
  private final boolean root;
  private final Programs programs = new Programs();
  private final Systemctl systemctl;

  /**
   * @param path where programs are searched, as PATH has it
   * @param root whether we are
   */
  public RepairCheckup(Deadlines deadlines, UnaryOperator<String> mask, String path, boolean root) {
    this.deadlines = deadlines;
    this.words = new Words(mask);
    this.path = path;
    this.root = root;
    this.systemctl = new Systemctl(programs, words, path);
  }

  public Diagnosis of(Command command) {
    var program = Path.of(command.command().getFirst());
    if (!Files.isRegularFile(program)) {
      return new Diagnosis(
          named(program.toString()),
          "it is not there, or is no program",
          "mend the path, or install it");
    }
    return Files.isExecutable(program)
        ? new Diagnosis(
            named(program.toString()), "it is there; not tried, for it does something", "")
        : new Diagnosis(
            named(program.toString()),
            "this user (" + System.getProperty("user.name") + ") may not execute it",
            "see its mode and owner: ls -l " + program);
  }

  public Diagnosis of(SystemdRestart restart) throws InterruptedException {
    var unit = restart.subject().name();
    try (var deadline = deadlines.start(PATIENCE)) {
      var obstacle = new UnitRestart(systemctl, restart).obstacle(deadline);
      if (obstacle != null) {
        return new Diagnosis(named(unit), obstacle.why(), "see systemctl status " + unit);
      }
      return right(unit, systemctl.show(unit, deadline).words());
    } catch (Programs.Untold e) {
      return new Diagnosis(
          named(unit), String.valueOf(e.getMessage()), "take it out, or run where systemd is");
    }
  }

  /**
   * Whether it may be restarted is polkit's to say, and what it is asked of others only to root.
   */
  private Diagnosis right(String unit, String state) throws InterruptedException, Programs.Untold {
    try (var deadline = deadlines.start(PATIENCE)) {
      var service = root ? systemctl.show(OURS, deadline).mainPid() : 0;
      var pkcheck = Programs.find("pkcheck", path);
      if (service == 0 || pkcheck.isEmpty()) {
        return new Diagnosis(
            named(unit),
            state
                + (root
                    ? "; root may restart it. Whether the service may is told while that runs"
                    : "; whether it may be restarted is not tried: polkit tells that only root, while"
                        + " the service runs"),
            "");
      }
      var said =
          programs.run(
              List.of(
                  pkcheck.get().toString(),
                  "--action-id",
                  MANAGE,
                  "--process",
                  Long.toString(service),
                  "--detail",
                  "unit",
                  unit,
                  "--detail",
                  "verb",
                  "restart"),
              deadline);
      return said.exitCode() == 0
          ? new Diagnosis(named(unit), state + "; the service may restart it", "")
          : new Diagnosis(
              named(unit),
              state + "; the service (process " + service + ") may not restart it",
              Systemctl.howToAllow(unit));
    }
  }

  private static String named(String subject) {
    return "repair of " + subject;
  }
}
