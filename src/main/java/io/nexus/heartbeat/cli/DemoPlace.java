package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.demo.Cluster;
import io.nexus.heartbeat.demo.ForeignCluster;
import io.nexus.heartbeat.demo.LocalCluster;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the demo is played: a cluster of its own, one of the user's, or none. */
final class DemoPlace {
  private static final int DECLINED = 1;

  @Option(names = "--standalone", description = "The same story without Kubernetes.")
  private boolean standalone;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description =
          "In the cluster of this kubectl context: a namespace of its own, asked first, removed at"
              + " the end. Its pods do nothing; what is watched runs on this machine.")
  private @Nullable String context;

  @Option(names = "--yes", description = "Do not ask about --context, for scripts.")
  private boolean yes;

  /** Null: without Kubernetes. */
  @Nullable Cluster cluster(PrintWriter out) {
    if (standalone && context != null) {
      throw new Failure(ExitCode.USAGE, "--standalone and --context exclude each other");
    }
    if (yes && context == null) {
      throw new Failure(ExitCode.USAGE, "--yes answers what --context asks; which context?");
    }
    if (standalone) {
      return null;
    }
    return context == null ? new LocalCluster(theClone()) : agreed(context, out);
  }

  /** Only looks; what would be done is said, and asked, before anything is. */
  private Cluster agreed(String chosen, PrintWriter out) {
    var console = yes ? null : terminal();
    if (!yes && console == null) {
      throw new Failure(
          ExitCode.USAGE,
          "--context asks before it creates anything, and here is no terminal to ask on: add"
              + " --yes, or start it in a terminal");
    }
    theClone();
    try {
      var cluster = ForeignCluster.of(chosen);
      out.println("The demo will be played in a cluster of yours:");
      cluster.plan().forEach(line -> out.println("  " + line));
      out.flush();
      if (console != null && !isYes(console.readLine("Create that and go on? [y/N] "))) {
        throw new Failure(DECLINED, "nothing was created");
      }
      return cluster;
    } catch (StageFailure e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isYes(@Nullable String answer) {
    return answer != null && Set.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  static boolean isTerminal() {
    return terminal() != null;
  }

  private static @Nullable Console terminal() {
    var console = System.console();
    return console != null && console.isTerminal() ? console : null;
  }

  /** Where hack and k8s are. */
  static Path theClone() {
    var root = System.getProperty("heartbeat.home");
    if (root == null || !Files.isExecutable(Path.of(root, "hack", "cluster", "cluster"))) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "the demo with Kubernetes is played from a clone by ./heartbeat demo; here 'heartbeat"
              + " demo --standalone' works");
    }
    return Path.of(root);
  }
}
