package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.standalone.DotEnv;
import io.nexus.heartbeat.standalone.FileFault;
import io.nexus.heartbeat.standalone.FirstMonitor;
import io.nexus.heartbeat.standalone.NexusOptions;
import io.nexus.heartbeat.standalone.Predecessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What is found of the Python watchdog on this host: how it is started, and its .env. */
record OldWatchdog(NexusOptions options, FirstMonitor.Origin origin) {
  static final String UNIT = "/etc/systemd/system/nexus-heartbeat.service";
  private static final long LONGEST = 1 << 20;

  /** Its file or command, and what that says. */
  private record Found(String where, Predecessor predecessor) {}

  /**
   * @param from the unit or crontab; null to look where they are
   * @param root of NEXUS; null where it is to be found out
   * @throws Failure what was asked for cannot be read
   */
  static OldWatchdog find(
      @Nullable Path from, @Nullable Path root, Map<String, String> environment, PrintWriter err)
      throws InterruptedException {
    var found = from == null ? anywhere() : Optional.of(in(from));
    var sources = new ArrayList<String>();
    found.ifPresent(one -> sources.add(one.where()));
    var place = root == null ? found.map(OldWatchdog::directory).orElse(null) : root;
    var bare = new NexusArguments();
    bare.in(place);
    bare.dotEnvFile().ifPresent(file -> sources.add(file.toString()));
    var variables = variables(bare, found, environment, sources, err);
    var given = found.flatMap(one -> given(one, variables, err));
    var arguments = given.map(Given::arguments).orElse(bare);
    arguments.in(place);
    var named = new HashSet<>(given.map(Given::targets).orElse(Set.of()));
    var redis = variables.getOrDefault("REDIS_URL", "");
    if (!named.contains("redis") && !redis.isBlank()) {
      arguments.redisAt(redis.strip());
      named.add("redis");
    }
    var read = sources.stream().distinct().toList();
    read.forEach(source -> err.println("heartbeat: read " + source));
    return new OldWatchdog(arguments.options(variables), new FirstMonitor.Origin(read, named));
  }

  private static @Nullable Path directory(Found found) {
    var directory = found.predecessor().directory();
    return directory != null && Files.isDirectory(directory) ? directory : null;
  }

  private static Found in(Path file) {
    try {
      return new Found(
          file.toString(),
          Predecessor.in(withDropIns(file))
              .orElseThrow(
                  () ->
                      new Failure(
                          ExitCode.CONFIG,
                          file
                              + " does not start python -m heartbeat.service; a unit or a crontab"
                              + " that does is right")));
    } catch (IOException e) {
      throw new Failure(ExitCode.CONFIG, "cannot read " + file + ": " + FileFault.of(file, e));
    }
  }

  /** The unit wins: it runs all the time. What cannot be read is for others. */
  private static Optional<Found> anywhere() throws InterruptedException {
    var unit = found(UNIT);
    if (unit.isPresent()) {
      return unit;
    }
    var own = Predecessor.in(crontab()).map(old -> new Found("crontab -l", old));
    return own.isPresent() ? own : found("/etc/crontab");
  }

  private static Optional<Found> found(String file) {
    try {
      return Predecessor.in(withDropIns(Path.of(file))).map(old -> new Found(file, old));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** As systemctl edit writes them: they are read after the unit, in the order of their names. */
  private static String withDropIns(Path file) throws IOException {
    var text = new StringBuilder(text(file));
    var directory = file.resolveSibling(file.getFileName() + ".d");
    if (Files.isDirectory(directory)) {
      try (var found = Files.newDirectoryStream(directory, "*.conf")) {
        var sorted = new ArrayList<Path>();
        found.forEach(sorted::add);
        Collections.sort(sorted);
        for (var one : sorted) {
          text.append('\n').append(text(one));
        }
      }
    }
    return text.toString();
  }

  private static String text(Path file) throws IOException {
    return Files.size(file) > LONGEST ? "" : new String(Files.readAllBytes(file), UTF_8);
  }

  /** Empty where this user has none, or there is no cron. */
  private static String crontab() throws InterruptedException {
    try {
      // A file, for its owner alone, so that one that hangs is not waited for.
      var said = Files.createTempFile("crontab", ".txt");
      try {
        var process =
            new ProcessBuilder("crontab", "-l")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(said.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(2, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        return text(said);
      } finally {
        Files.delete(said);
      }
    } catch (IOException _) {
      return "";
    }
  }

  /**
   * The .env, under what the unit or crontab sets, under the files that the unit names, under this
   * process's own. systemd.exec(5): "Settings from these files override settings made with
   * Environment=".
   */
  private static Map<String, String> variables(
      NexusArguments arguments,
      Optional<Found> found,
      Map<String, String> environment,
      List<String> sources,
      PrintWriter err) {
    var all = new HashMap<>(arguments.dotEnv(environment, err));
    if (found.isPresent()) {
      all.putAll(found.get().predecessor().environment());
      for (var file : found.get().predecessor().environmentFiles()) {
        try {
          all.putAll(DotEnv.parse(text(file), environment).values());
          sources.add(file.toString());
        } catch (IOException e) {
          err.println("heartbeat: cannot read " + file + ": " + FileFault.of(file, e));
        }
      }
    }
    environment.forEach(
        (name, value) -> {
          if (!value.isBlank() || !all.containsKey(name)) {
            all.put(name, value);
          }
        });
    return all;
  }

  /**
   * The options that it is started with.
   *
   * @param targets that they name
   */
  private record Given(NexusArguments arguments, Set<String> targets) {}

  private static Optional<Given> given(
      Found found, Map<String, String> variables, PrintWriter err) {
    var arguments = new NexusArguments();
    var line = new CommandLine(new Started(arguments));
    line.setUnmatchedArgumentsAllowed(true);
    try {
      var parsed = line.parseArgs(found.predecessor().arguments(variables).toArray(String[]::new));
      var named = new HashSet<String>();
      for (var target : List.of("gateway", "redis", "ollama")) {
        if (parsed.hasMatchedOption("--" + target + "-url")) {
          named.add(target);
        }
      }
      return Optional.of(new Given(arguments, named));
    } catch (ParameterException e) {
      // Its words would repeat what was given, which may be a token.
      err.println("heartbeat: " + found.where() + ": its options cannot be read and are not used");
      return Optional.empty();
    }
  }
}
