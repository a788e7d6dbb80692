package io.nexus.heartbeat.cli;

import ch.qos.logback.classic.Level;
import io.nexus.heartbeat.api.GoDuration;
import io.nexus.heartbeat.demo.ClusterStage;
import io.nexus.heartbeat.demo.Demo;
import io.nexus.heartbeat.demo.HostStage;
import io.nexus.heartbeat.demo.Screen;
import io.nexus.heartbeat.secret.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows everything on this machine, with nothing installed: a Kubernetes control plane, a"
          + " gateway that hangs and is repaired, Redis that stops and comes back, and the messages"
          + " people get.",
      "The control plane is real, its pods are simulated by kwok. The first start compiles or"
          + " downloads Kubernetes, which takes minutes; --standalone needs none of it.",
      "Exit code: 0 every step was seen, 1 one was not, 64 wrong usage, 69 something is missing,"
          + " 130 ended by Ctrl-C.%n"
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private final DemoPlace place = new DemoPlace();

  @Option(
      names = "--exit",
      description = "End after the story: exit code 0 only when every step was really seen.")
  private boolean exit;

  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      defaultValue = "1m",
      description = "How long to wait for each thing that is to be seen; default ${DEFAULT-VALUE}.")
  private String patience = "1m";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    requireNeighbours();
    var patient = duration();
    var line = Objects.requireNonNull(spec).commandLine();
    var cluster = place.cluster(line.getOut());
    var screen = new Screen(line.getOut(), line.getColorScheme().ansi().enabled(), width(spec));
    var directory = Files.createTempDirectory("heartbeat-demo-");
    var log = directory.resolve("heartbeat.log");
    var mask = new Mask();
    Logging.toFile(Level.INFO, log, mask);
    var stop = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var player = Thread.currentThread();
    Serving.stopOnSignal(
        () -> {
          if (done.getCount() > 0) {
            screen.note("Stopping: everything is taken down again");
          }
          stop.countDown();
          player.interrupt();
        },
        done);
    try {
      var stage =
          cluster == null
              ? new HostStage(directory, mask)
              : new ClusterStage(cluster, DemoPlace.theClone(), directory, mask);
      var seen = new Demo(stage, screen, log.toString(), patient).play(stop, !exit);
      if (seen) {
        delete(directory); // a failure keeps its log
      }
      return seen ? 0 : 1;
    } catch (InterruptedException e) {
      delete(directory);
      throw e;
    } finally {
      done.countDown();
    }
  }

  private static void requireNeighbours() {
    try {
      Class.forName("redis.embedded.RedisServer", false, DemoCommand.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "the demo's PostgreSQL and Redis are not part of the program; in a clone start it with"
              + " ./heartbeat demo, which brings them");
    }
  }

  private Duration duration() {
    try {
      return GoDuration.parse(patience);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--patience: " + e.getMessage());
    }
  }

  private static int width(CommandSpec spec) {
    return DemoPlace.isTerminal() ? spec.usageMessage().autoWidth(true).width() : Screen.ENDLESS;
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
