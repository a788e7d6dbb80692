package io.nexus.heartbeat.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import io.nexus.heartbeat.operator.ApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code hack/cluster/cluster}: a control plane with simulated pods, for as long as we live. */
public final class LocalCluster implements Cluster {
  private static final String NAMESPACE = "nexus";
  private static final Pattern EXPORT = Pattern.compile("export (KUBECONFIG|PATH)='([^']+)'");

  private final Path root;
  private final Map<String, String> environment;
  private @Nullable Path kubeconfig;
  private @Nullable Path bin;

  /**
   * @param root of the clone, which has hack/cluster
   */
  public LocalCluster(Path root) {
    this.root = root;
    var pid = Long.toString(ProcessHandle.current().pid());
    environment =
        Map.of("CLUSTER_NAME", "demo-" + pid, "CLUSTER_PORT", "auto", "CLUSTER_OWNER", pid);
  }

  @Override
  public void open(Screen screen) throws StageFailure, InterruptedException {
    screen.note(
        "Bringing up a Kubernetes control plane: 10 seconds; the very first time minutes, while it"
            + " is downloaded or compiled (./heartbeat demo --standalone is there meanwhile)");
    var exports = EXPORT.matcher(script(screen, "up", "fake"));
    while (exports.find()) {
      if (exports.group(1).equals("PATH")) {
        bin = Path.of(exports.group(2));
      } else {
        kubeconfig = Path.of(exports.group(2));
      }
    }
    try (var client = ApiServer.connect(admin(), "demo")) {
      screen.note("installing the CRD, and the operator's rights in namespace " + NAMESPACE);
      client
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
          .create();
      Crd.shipped(client).install(new Mark("local"));
    } catch (KubernetesClientException e) {
      throw new StageFailure(ApiFailure.words(e));
    }
  }

  @Override
  public Config admin() {
    return Config.fromKubeconfig(there(kubeconfig).toFile());
  }

  @Override
  public String namespace() {
    return NAMESPACE;
  }

  @Override
  public String kubectl() {
    return "kubectl -n " + NAMESPACE;
  }

  @Override
  public List<String> shell() {
    return List.of("export KUBECONFIG=" + there(kubeconfig) + " PATH=" + there(bin) + ":$PATH");
  }

  @Override
  public void close() throws StageFailure, InterruptedException {
    script(null, "down");
  }

  private static Path there(@Nullable Path path) {
    if (path == null) {
      throw new IllegalStateException("the cluster is not up");
    }
    return path;
  }

  /**
   * What it says on the standard error goes to the screen as it comes, or into the failure. When we
   * are interrupted it is told to end, and takes down what it has started.
   */
  private String script(@Nullable Screen screen, String... args)
      throws StageFailure, InterruptedException {
    var command = new ArrayList<String>();
    command.add(root.resolve("hack").resolve("cluster").resolve("cluster").toString());
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var said = lines(process.getErrorStream(), screen);
      var out = lines(process.getInputStream(), null);
      try {
        if (process.waitFor() != 0) {
          throw new StageFailure(
              "cluster %s failed: %s"
                  .formatted(args[0], said.join().replaceAll("(?m)^cluster: ", "").strip()));
        }
      } catch (InterruptedException e) {
        process.destroy();
        process.waitFor();
        throw e;
      }
      return out.join();
    } catch (IOException e) {
      throw new StageFailure("cannot run " + command.getFirst() + ": " + e.getMessage());
    }
  }

  private static CompletableFuture<String> lines(InputStream stream, @Nullable Screen screen) {
    var all = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              var text = new StringBuilder();
              try (var reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                reader
                    .lines()
                    .forEach(
                        line -> {
                          text.append(line).append('\n');
                          if (screen != null) {
                            screen.note(line);
                          }
                        });
              } catch (IOException | UncheckedIOException e) {
                text.append(e.getMessage()); // its process is gone
              }
              all.complete(text.toString());
            });
    return all;
  }
}
