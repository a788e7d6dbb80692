package io.nexus.heartbeat.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file system that is mounted for a test; where that is not allowed, the test is aborted. */
public record Mounted(Path path, @Nullable Process holder) implements AutoCloseable {

  public static Mounted tmpfs(Path below, String options) throws IOException, InterruptedException {
    var path = Files.createDirectory(below.resolve("mounted"));
    var mounted =
        run("mount", "-t", "tmpfs", "-o", options, "heartbeat-test", path.toString()) == 0;
    assumeTrue(mounted, "this user may not mount a tmpfs");
    return new Mounted(path, null);
  }

  /** Whoever looks at it waits for a server that never answers. */
  static Mounted silent(Path below) throws IOException, InterruptedException {
    var path = Files.createDirectory(below.resolve("silent"));
    var script =
        "exec 9<>/dev/fuse && mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 silent"
            + " \"$0\" && echo mounted && read -r _";
    var holder =
        new ProcessBuilder("bash", "-c", script, path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var said = new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8)).readLine();
    assumeTrue("mounted".equals(said), "this user may not mount a FUSE");
    return new Mounted(path, holder);
  }

  static String output(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(process.waitFor() == 0, command[0] + " does not work here");
    return text;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (holder != null) {
      holder.destroyForcibly().waitFor(); // whoever waits is told that it is gone
    }
    run("umount", "-l", path.toString());
    Files.delete(path);
  }
}
