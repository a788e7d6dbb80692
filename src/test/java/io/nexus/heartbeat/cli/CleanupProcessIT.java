package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of a cleanup can only be seen of a process of its own: mounts, and how much memory it needs.
 */
class CleanupProcessIT {
  private static final FileTime OLD = FileTime.from(Instant.now().minus(Duration.ofDays(100)));
  private static final int MANY = 200_000;

  @TempDir private Path directory;

  private String shell(List<String> before, String script, Path... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(before);
    command.addAll(List.of("sh", "-euc", script, "sh"));
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder
        .environment()
        .put(
            "CLEANUP",
            "%s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp %s %s cleanup"
                .formatted(
                    ProcessHandle.current().info().command().orElseThrow(),
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    Main.class.getName()));
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  /** As root a mount namespace; as somebody else one in a user namespace, where that is allowed. */
  private List<String> ownMounts() throws Exception {
    for (var command :
        List.of(List.of("unshare", "--mount"), List.of("unshare", "--user", "-r", "--mount"))) {
      var words = new ArrayList<>(command);
      words.addAll(List.of("mount", "-t", "tmpfs", "none", directory.toString()));
      try {
        var tried = new ProcessBuilder(words).start();
        if (tried.waitFor() == 0) {
          return command;
        }
      } catch (IOException _) {
        break; // there is no unshare(1)
      }
    }
    assumeTrue(false, "this user may not mount anything, not even in a namespace of its own");
    return List.of();
  }

  @Test
  void noMountInsideIsEnteredBeItOfTheSameFileSystem() throws Exception {
    var root = Files.createDirectories(directory.resolve("root"));
    for (var name : List.of("bound", "tmpfs", "own", "a")) {
      Files.createDirectories(root.resolve(name));
    }
    var outside = Files.createDirectories(directory.resolve("outside"));
    old(outside.resolve("precious.log"));
    old(outside.resolve("__pycache__/precious.pyc"));
    old(root.resolve("own/old.log"));
    old(root.resolve("a/file.log"));
    Files.createDirectories(root.resolve("a/__pycache__"));
    var said =
        shell(
            ownMounts(),
            """
            mount --bind "$2" "$1/bound"
            mount --bind "$2/__pycache__" "$1/a/__pycache__"
            mount --bind "$2/precious.log" "$1/a/file.log"
            mount -t tmpfs none "$1/tmpfs"
            touch -d 2020-01-01 "$1/tmpfs/other.log"
            $CLEANUP --root "$1" --path . --match '*.log' --older-than 1h \\
              --path . --match __pycache__ --path bound --older-than 1h \\
              --path tmpfs --older-than 1h --keep-newest 0
            ls "$1/tmpfs"
            """,
            root,
            outside);
    assertThat(said)
        .contains("deleted 1 file (")
        .contains("4 on another mount")
        .contains("bound: on another mount")
        .endsWith("other.log\n");
    assertThat(root.resolve("own/old.log")).doesNotExist();
    assertThat(outside.resolve("precious.log")).exists();
    assertThat(outside.resolve("__pycache__/precious.pyc")).exists();
  }

  @Test
  void twoHundredThousandFilesNeedNoMoreMemoryThanTwo() throws Exception {
    var root = Files.createDirectories(directory.resolve("root"));
    for (var i = 0; i < MANY; i++) {
      var file = root.resolve("logs/" + i % 4 + "/" + i + ".log");
      if (i < 4) {
        Files.createDirectories(file.getParent());
      }
      Files.createFile(file);
      Files.setLastModifiedTime(file, OLD);
    }
    var arguments =
        new String[] {
          "cleanup",
          "--root",
          root.toString(),
          "--path",
          "logs",
          "--older-than",
          "24h",
          "--keep-newest",
          "100"
        };
    try (var process =
        new RunProcess(directory, Map.of("JAVA_TOOL_OPTIONS", "-Xmx16m"), arguments)) {
      assertThat(process.exitCode(240)).as(process.said()).isZero();
      assertThat(process.said())
          .contains("deleted " + (MANY - 100) + " files")
          .contains("spared: 100 among the newest");
    }
    try (var left = Files.walk(root)) {
      assertThat(left.filter(Files::isRegularFile)).hasSize(100);
    }
  }

  private static void old(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
    Files.setLastModifiedTime(file, OLD);
  }
}
