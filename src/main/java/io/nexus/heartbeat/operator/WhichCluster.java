package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.nexus.heartbeat.api.NearestName;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that kubectl would use here: of KUBECONFIG, of {@code ~/.kube/config}, or the pod's.
 */
final class WhichCluster {
  private final Map<String, String> environment;

  WhichCluster(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @throws CannotStart none is named, or the file that names it cannot be used
   */
  Config find() throws CannotStart {
    return find(null);
  }

  /**
   * @param context null: the current one
   * @throws CannotStart there is none of that name, none is named, or the file cannot be used
   */
  Config find(@Nullable String context) throws CannotStart {
    var files = files();
    for (var file : files) {
      verify(file);
    }
    if (files.isEmpty() && !isInPod()) {
      throw new CannotStart(
          "no cluster is named: there is neither a kubeconfig (KUBECONFIG, or ~/.kube/config) nor a"
              + " pod's ServiceAccount. Without a cluster: heartbeat run");
    }
    var config = Config.autoConfigure(context);
    if (!files.isEmpty() && config.getCurrentContext() == null) {
      throw new CannotStart(
          files.getFirst()
              + " has no current context that it describes; choose one: kubectl config"
              + " use-context NAME");
    }
    // The client takes the current one when there is none of that name.
    if (context != null && !context.equals(nameOf(config.getCurrentContext()))) {
      var known = config.getContexts().stream().map(NamedContext::getName).toList();
      throw new CannotStart(
          NearestName.unknown(
              context, "there is no context '" + context + "' in your kubeconfig", known));
    }
    return config;
  }

  private static @Nullable String nameOf(@Nullable NamedContext context) {
    return context == null ? null : context.getName();
  }

  boolean isNamed() {
    try {
      return !files().isEmpty() || isInPod();
    } catch (CannotStart _) {
      return true; // by something that is not there, which is a mistake to be told
    }
  }

  private List<Path> files() throws CannotStart {
    var named = environment.getOrDefault("KUBECONFIG", "");
    if (named.isEmpty()) {
      var home = environment.getOrDefault("HOME", System.getProperty("user.home"));
      return Stream.of(Path.of(home, ".kube", "config")).filter(Files::exists).toList();
    }
    // As kubectl does, a file of several that is missing is passed over.
    var files =
        Arrays.stream(named.split(File.pathSeparator, -1))
            .filter(name -> !name.isEmpty())
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    if (files.isEmpty()) {
      throw new CannotStart("KUBECONFIG is " + named + ", and there is no such file");
    }
    return files;
  }

  private static void verify(Path file) throws CannotStart {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CannotStart(file + ", the kubeconfig, is not a file that can be read");
    }
    try {
      var _ = Config.fromKubeconfig(file.toFile());
    } catch (RuntimeException e) {
      // What the parser says may hold what stands in the file, a token among it.
      throw new CannotStart(file + " is not a kubeconfig; see: kubectl config view", e);
    }
  }

  private boolean isInPod() {
    return environment.containsKey("KUBERNETES_SERVICE_HOST")
        || environment.containsKey("KUBERNETES_MASTER")
        || System.getProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY) != null;
  }
}
