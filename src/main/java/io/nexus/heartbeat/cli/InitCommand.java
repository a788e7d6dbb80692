package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.standalone.FileFault;
import io.nexus.heartbeat.standalone.FirstMonitor;
import io.nexus.heartbeat.standalone.NewFiles;
import io.nexus.heartbeat.standalone.NexusMonitor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a monitor to begin with: from the .env, the systemd unit or the crontab of the Python"
          + " watchdog, and from what answers on this host. It is a file with comments, to be edited.",
      "Secrets are not in it. They are written beside it, in a directory secrets, for its owner alone.",
      "Exit code 0: written; 64 wrong usage; 73 a file is there already, or cannot be written; 78 what"
          + " was found makes no monitor."
    })
final class InitCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "monitor.yaml",
      description = "Where it is written; default ${DEFAULT-VALUE}.")
  private Path output = Path.of("monitor.yaml");

  @Option(
      names = "--project-root",
      paramLabel = "DIR",
      description =
          "Where NEXUS is: its .env is read and its disk watched. Default: where the Python watchdog is"
              + " started, else the .env here and the disk of /.")
  private @Nullable Path projectRoot;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "The unit or crontab that starts the Python watchdog. Default: "
              + OldWatchdog.UNIT
              + ", then crontab -l, then /etc/crontab.")
  private @Nullable Path from;

  @Option(names = "--force", description = "Write over a monitor and secrets that are there.")
  private boolean force;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var line = Objects.requireNonNull(spec).commandLine();
    var err = line.getErr();
    if (!force && Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      throw new Failure(
          ExitCode.CANNOT_CREATE,
          output + " is there already; give another with -o, or write over it with --force");
    }
    if (projectRoot != null && !Files.isDirectory(projectRoot)) {
      throw new Failure(
          ExitCode.USAGE, "--project-root: there is no directory " + projectRoot + " here");
    }
    var parent = output.toAbsolutePath().normalize().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new Failure(
          ExitCode.CANNOT_CREATE,
          "there is no directory " + parent + "; make it, or give another -o");
    }
    var old = OldWatchdog.find(from, projectRoot, System.getenv(), err);
    var secrets = output.toAbsolutePath().normalize().resolveSibling("secrets");
    var draft = draft(old, secrets, err);
    write(draft, secrets, err);
    say(line.getOut(), draft.secrets().isEmpty() ? null : secrets);
    return 0;
  }

  private static FirstMonitor.Draft draft(OldWatchdog old, Path secrets, PrintWriter err)
      throws InterruptedException {
    try (var deadlines = new Deadlines()) {
      var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
      var first = new FirstMonitor(dialer, deadlines, found -> err.println("heartbeat: " + found));
      return first.of(old.options(), old.origin(), secrets);
    } catch (NexusMonitor.Wrong e) {
      throw new Failure(ExitCode.CONFIG, String.valueOf(e.getMessage()));
    }
  }

  /** All of it or nothing, as far as can be known before. */
  private void write(FirstMonitor.Draft draft, Path secrets, PrintWriter err) {
    var at = output;
    try {
      for (var secret : draft.secrets().entrySet()) {
        at = secret.getKey();
        if (!force && NewFiles.wouldChange(at, secret.getValue())) {
          throw new Failure(
              ExitCode.CANNOT_CREATE,
              at + " is there and holds something else; --force writes over it");
        }
      }
      for (var secret : draft.secrets().entrySet()) {
        at = secret.getKey();
        var who =
            Files.exists(at)
                ? ", for who could read it before"
                : ", for its owner alone (mode 0600)";
        NewFiles.writeSecret(secrets, at, secret.getValue());
        err.println("heartbeat: wrote " + at + who);
      }
      at = output;
      NewFiles.write(output, draft.yaml(), force);
      err.println("heartbeat: wrote " + output);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT_CREATE, "cannot write " + at + ": " + FileFault.of(at, e));
    }
  }

  private void say(PrintWriter out, @Nullable Path secrets) {
    var file = "-f " + quoted(output);
    var with = secrets == null ? file : file + " --secrets " + quoted(secrets);
    out.println("Next:");
    out.println("  heartbeat validate --for host " + file);
    out.println("  heartbeat doctor " + with);
    out.println("  heartbeat check " + with);
    out.println("  heartbeat run " + with);
  }

  /** As a shell takes it for one word. */
  private static String quoted(Path path) {
    var text = path.toString();
    return text.matches("[A-Za-z0-9_./+:@%,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
