package io.nexus.heartbeat.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code hack/cluster/cluster}: a control plane with simulated pods, for as long as we live. */
final class LocalCluster {
  private static final Pattern EXPORT = Pattern.compile("export (KUBECONFIG|PATH)='([^']+)'");

  private final Path root;
  private final Map<String, String> environment;
  private @Nullable Path kubeconfig;
  private @Nullable Path bin;

  LocalCluster(Path root) {
    this.root = root;
    var pid = Long.toString(ProcessHandle.current().pid());
    environment =
        Map.of("CLUSTER_NAME", "demo-" + pid, "CLUSTER_PORT", "auto", "CLUSTER_OWNER", pid);
  }

  void up(Screen screen) throws StageFailure, InterruptedException {
    var out = script(screen, "up", "fake");
    var exports = EXPORT.matcher(out);
    while (exports.find()) {
      if (exports.group(1).equals("PATH")) {
        bin = Path.of(exports.group(2));
      } else {
        kubeconfig = Path.of(exports.group(2));
      }
    }
  }

  void down() throws StageFailure, InterruptedException {
    script(null, "down");
  }

  Path kubeconfig() {
    if (kubeconfig == null) {
      throw new IllegalStateException("the cluster is not up");
    }
    return kubeconfig;
  }

  Path bin() {
    if (bin == null) {
      throw new IllegalStateException("the cluster is not up");
    }
    return bin;
  }

  /** What kubectl prints. */
  String kubectl(String... args) throws StageFailure, InterruptedException {
    var command = new ArrayList<String>();
    command.add(bin().resolve("kubectl").toString());
    command.addAll(List.of(args));
    return run(command, Map.of("KUBECONFIG", kubeconfig().toString()), null);
  }

  private String script(@Nullable Screen screen, String... args)
      throws StageFailure, InterruptedException {
    var command = new ArrayList<String>();
    command.add(root.resolve("hack").resolve("cluster").resolve("cluster").toString());
    command.addAll(List.of(args));
    return run(command, environment, screen);
  }

  /** What it says on the standard error goes to the screen as it comes, or into the failure. */
  private static String run(
      List<String> command, Map<String, String> environment, @Nullable Screen screen)
      throws StageFailure, InterruptedException {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    var said = new StringBuffer();
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var listening =
          Thread.ofVirtual()
              .start(
                  () ->
                      new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))
                          .lines()
                          .forEach(
                              line -> {
                                said.append(line).append('\n');
                                if (screen != null) {
                                  screen.note(line);
                                }
                              }));
      var out = new String(process.getInputStream().readAllBytes(), UTF_8);
      var exit = process.waitFor();
      listening.join();
      if (exit != 0) {
        throw new StageFailure(
            Path.of(command.getFirst()).getFileName() + " failed: " + said.toString().strip());
      }
      return out;
    } catch (IOException e) {
      throw new StageFailure("cannot run " + command.getFirst() + ": " + e.getMessage());
    }
  }
}
