package io.nexus.heartbeat.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.net.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs of this machine: without a shell, with little of our environment, which holds
 * secrets, in a process group of their own. With the deadline, or with the program, everything that
 * it has started ends, but for what has left its group.
 */
final class Programs {
  private static final int MOST_BYTES = 64 * 1024;
  private static final long LOOK_MILLIS = 20;
  private static final List<String> KEPT = List.of("PATH", "LD_LIBRARY_PATH", "HOME", "TZ");

  /** What was killed and is there still: it waits for a driver, say, and nothing can end it. */
  private final Map<List<String>, Process> hanging = new ConcurrentHashMap<>();

  /** What a program said until its end. */
  record Said(int exitCode, String out, String err) {}

  /** Its message is for a person. */
  static final class Untold extends Exception {
    private static final long serialVersionUID = 1;

    Untold(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * @param command the program's whole path, and its arguments
   */
  Said run(List<String> command, Deadline deadline) throws InterruptedException, Untold {
    var name = String.valueOf(Path.of(command.getFirst()).getFileName());
    var process = started(command, name);
    try {
      return said(process, name, deadline);
    } catch (SocketTimeoutException e) {
      throw new Untold(name + " " + e.getMessage(), e);
    } catch (IOException e) {
      throw new Untold(name + " broke off: " + e.getMessage(), e);
    } finally {
      end(command, process);
    }
  }

  private Process started(List<String> command, String name) throws Untold {
    var program = Path.of(command.getFirst());
    if (!Files.isRegularFile(program)) {
      throw new Untold(program + " is not there, or is no program", null);
    }
    if (!Files.isExecutable(program)) {
      throw new Untold(program + " may not be executed by Heartbeat: see its mode and owner", null);
    }
    var before = hanging.get(command);
    if (before != null && before.isAlive()) {
      throw new Untold("an earlier %s (process %d) hangs".formatted(name, before.pid()), null);
    }
    try {
      var whole = new ArrayList<>(ProcessGroup.PREFIX);
      whole.addAll(command);
      var builder = new ProcessBuilder(whole).directory(new File("/"));
      builder.environment().keySet().retainAll(KEPT);
      builder.environment().put("LC_ALL", "C"); // numbers with a point
      var process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new Untold(program + " cannot be run: " + e.getMessage(), e);
    }
  }

  /**
   * What is there is read now and then, never waited for: the program's children may hold the other
   * end of its pipes for as long as they like.
   */
  private static Said said(Process process, String name, Deadline deadline)
      throws InterruptedException, IOException, Untold {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    while (true) {
      var ended = !process.isAlive(); // looked at first, so that nothing it said is missed
      if (!take(process.getInputStream(), out) || !take(process.getErrorStream(), err)) {
        throw new Untold(name + " says more than " + MOST_BYTES / 1024 + " KiB", null);
      }
      if (ended) {
        return new Said(process.exitValue(), out.toString(UTF_8), err.toString(UTF_8));
      }
      process.waitFor(Math.min(LOOK_MILLIS, deadline.remainingMillis()), TimeUnit.MILLISECONDS);
    }
  }

  /** False: it is too much. */
  private static boolean take(InputStream from, ByteArrayOutputStream to) throws IOException {
    for (var there = from.available(); there > 0; there = from.available()) {
      if (to.size() + there > MOST_BYTES) {
        return false;
      }
      to.write(from.readNBytes(there));
    }
    return true;
  }

  private void end(List<String> command, Process process) {
    var children = process.descendants().toList();
    ProcessGroup.kill(process);
    children.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (process.isAlive()) {
      hanging.put(command, process);
      process.onExit().thenRun(() -> hanging.remove(command, process));
    }
  }
}
