package io.nexus.heartbeat.cli;

import ch.qos.logback.classic.Level;
import io.nexus.heartbeat.demo.ClusterStage;
import io.nexus.heartbeat.demo.Demo;
import io.nexus.heartbeat.demo.HostStage;
import io.nexus.heartbeat.demo.Screen;
import io.nexus.heartbeat.demo.Stage;
import io.nexus.heartbeat.secret.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
          + " downloads Kubernetes, which takes minutes; --standalone needs none of it."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--standalone", description = "The same story without Kubernetes.")
  private boolean standalone;

  @Option(
      names = "--exit",
      description = "End after the story: exit code 0 only when every step was really seen.")
  private boolean exit;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    try {
      Class.forName("redis.embedded.RedisServer", false, DemoCommand.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "the demo's PostgreSQL and Redis are not part of the program; in a clone start it with"
              + " ./heartbeat demo, which brings them");
    }
    var directory = Files.createTempDirectory("heartbeat-demo-");
    var log = directory.resolve("heartbeat.log");
    var mask = new Mask();
    Logging.toFile(Level.INFO, log, mask);
    var line = Objects.requireNonNull(spec).commandLine();
    var screen = new Screen(line.getOut(), line.getColorScheme().ansi().enabled());
    var stop = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var player = Thread.currentThread();
    Serving.stopOnSignal(
        () -> {
          stop.countDown();
          player.interrupt();
        },
        done);
    try {
      var seen = new Demo(stage(directory, mask), screen, log.toString()).play(stop, !exit);
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

  private Stage stage(Path directory, Mask mask) {
    if (standalone) {
      return new HostStage(directory, mask);
    }
    var root = System.getProperty("heartbeat.home");
    if (root == null || !Files.isExecutable(Path.of(root, "hack", "cluster", "cluster"))) {
      throw new Failure(
          ExitCode.UNAVAILABLE,
          "the demo's Kubernetes is brought up from a clone by ./heartbeat demo; here 'heartbeat"
              + " demo --standalone' works");
    }
    return new ClusterStage(Path.of(root), directory, mask);
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
