package io.nexus.heartbeat.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  private static final int UNAVAILABLE = 69;

  /**
   * A name and ports of our own, because several checkouts may be tested at once on a machine; and
   * it ends with this JVM, however that ends.
   */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CLUSTER_NAME",
          "it-" + ProcessHandle.current().pid(),
          "CLUSTER_PORT",
          "auto",
          "CLUSTER_OWNER",
          String.valueOf(ProcessHandle.current().pid()));

  private final Path kubeconfig;
  private final Path bin;

  private Cluster(Path kubeconfig, Path bin) {
    this.kubeconfig = kubeconfig;
    this.bin = bin;
  }

  static Cluster up() {
    var result = run(ENVIRONMENT, "", true, List.of("hack/cluster/cluster", "up", "fake"));
    switch (result.exitCode()) {
      case 0 -> {}
      case UNAVAILABLE -> throw new LackingException(result.lastLineOfErr());
      default -> throw new IllegalStateException(result.err());
    }
    return new Cluster(
        Path.of(find("KUBECONFIG='([^']+)'", result.out())),
        Path.of(find("PATH='([^']+)'", result.out())));
  }

  void down() {
    run(ENVIRONMENT, "", true, List.of("hack/cluster/cluster", "down"));
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
