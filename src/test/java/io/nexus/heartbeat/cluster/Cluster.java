package io.nexus.heartbeat.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** {@code hack/cluster/cluster}, and other programs that are run to their end. */
final class Cluster {

  /** Nothing is broken, but this machine has not got what it takes. */
  static final class LackingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LackingException(String message) {
      super(message);
    }
  }

  record Result(int exitCode, String out, String err) {
    String lastLineOfErr() {
      return err.strip().lines().reduce("no reason given", (_, last) -> last);
    }
  }

  /** What pods run on. */
  enum Node {
    /** Pods become Ready by themselves; nothing runs in them. */
    FAKE("fake", "it-"),
    /** The real thing; root only, and one on a machine. */
    REAL("real", "rn-");

    private final String word;
    private final String prefix;

    Node(String word, String prefix) {
      this.word = word;
      this.prefix = prefix;
    }
  }

  private static final String CLUSTER = "hack/cluster/cluster";
  private static final int UNAVAILABLE = 69;

  /**
   * A name and ports of our own, because several checkouts may be tested at once on a machine; and
   * it ends with this JVM, however that ends.
   */
  private static Map<String, String> environment(Node node) {
    var pid = String.valueOf(ProcessHandle.current().pid());
    return Map.of("CLUSTER_NAME", node.prefix + pid, "CLUSTER_PORT", "auto", "CLUSTER_OWNER", pid);
  }

  private final Node node;
  private final Path kubeconfig;
  private final Path bin;

  private Cluster(Node node, Path kubeconfig, Path bin) {
    this.node = node;
    this.kubeconfig = kubeconfig;
    this.bin = bin;
  }

  static Cluster up(Node node) {
    var result = run(environment(node), "", true, List.of(CLUSTER, "up", node.word));
    switch (result.exitCode()) {
      case 0 -> {}
      case UNAVAILABLE -> throw new LackingException(result.lastLineOfErr());
      default -> throw new IllegalStateException(result.err());
    }
    return new Cluster(
        node,
        Path.of(find("KUBECONFIG='([^']+)'", result.out())),
        Path.of(find("PATH='([^']+)'", result.out())));
  }

  void down() {
    run(environment(node), "", true, List.of(CLUSTER, "down"));
  }

  /** Puts an image of a Go program on the real node. */
  void image(String source, String tag) {
    load(archive -> must(Map.of(), "hack/cluster/image", source, tag, archive));
  }

  /** Heartbeat as it was built. */
  void ownImage(String tag) {
    var java = Map.of("JAVA_HOME", System.getProperty("java.home"));
    load(archive -> must(java, "hack/cluster/heartbeat-image", tag, archive));
  }

  private void load(Consumer<String> making) {
    try {
      var archive = Files.createTempFile("image-", ".tar");
      try {
        making.accept(archive.toString());
        must(environment(node), CLUSTER, "load", archive.toString());
      } finally {
        Files.delete(archive);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void must(Map<String, String> environment, String... command) {
    var result = run(environment, "", false, List.of(command));
    if (result.exitCode() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + result.err());
    }
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  Result kubectl(String input, String... args) {
    var command = new ArrayList<String>();
    command.add(bin.resolve("kubectl").toString());
    command.addAll(List.of(args));
    return run(Map.of("KUBECONFIG", kubeconfig.toString()), input, false, command);
  }

  private static String find(String pattern, String text) {
    var matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in: " + text);
    }
    return matcher.group(1);
  }

  private static Result run(
      Map<String, String> environment, String input, boolean tell, List<String> command) {
    var builder = new ProcessBuilder(command).directory(projectRoot().toFile());
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream(), tell));
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      var out = read(process.getInputStream(), false);
      return new Result(process.waitFor(), out, err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  /** Exactly what it printed; line by line to our own standard error when we are to tell. */
  private static String read(InputStream stream, boolean tell) {
    try {
      if (!tell) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
      var text = new StringBuilder();
      try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          text.append(line).append('\n');
          System.err.println(line);
        }
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where Maven started the tests; an IDE may start them elsewhere. */
  static Path projectRoot() {
    return Path.of(System.getProperty("basedir", ""));
  }
}
