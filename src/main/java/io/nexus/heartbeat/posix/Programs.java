package io.nexus.heartbeat.posix;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.net.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs of this machine: without a shell, with little of our environment, which holds
 * secrets, in a process group of their own. With the deadline, or with the program, everything that
 * it has started ends, but for what has left its group.
 */
public final class Programs {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int LAST_BYTES = 4 * 1024;
  private static final long LOOK_MILLIS = 20;
  private static final List<String> KEPT = List.of("PATH", "LD_LIBRARY_PATH", "HOME", "TZ");

  /** What was killed and is there still: it waits for a driver, say, and nothing can end it. */
  private final Map<List<String>, Process> hanging = new ConcurrentHashMap<>();

  private final Path temporary;

  public Programs() {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * @param temporary the directory for what is there only while a program is started
   */
  public Programs(Path temporary) {
    this.temporary = temporary;
  }

  /** What a program said until its end. */
  public record Said(int exitCode, String out, String err) {}

  /**
   * How a program ended that does something.
   *
   * @param exitCode null: its time was over, and it was killed
   * @param how in words, such as "ended with exit code 3"
   * @param last the end of what it said
   */
  public record Ended(@Nullable Integer exitCode, String how, String last) {}

  /** Its message is for a person. */
  public static final class Untold extends Exception {
    private static final long serialVersionUID = 1;

    public Untold(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * A program of that name in the directories of a PATH, but not in those that depend on where we
   * are.
   */
  public static Optional<Path> find(String name, String path) {
    return Stream.of(path.split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, name))
        .filter(program -> program.isAbsolute() && Files.isExecutable(program))
        .findFirst();
  }

  /**
   * @param command the program's whole path, and its arguments
   */
  public Said run(List<String> command, Deadline deadline) throws InterruptedException, Untold {
    var name = name(command);
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try (var pipes = Pipes.in(temporary)) {
      var exitCode =
          ended(
              new Order(command, Map.of(), false, _ -> {}),
              pipes,
              () -> {
                if (!pipes.out().take(out, MOST_BYTES) || !pipes.err().take(err, MOST_BYTES)) {
                  throw new Untold(name + " says more than " + MOST_BYTES / 1024 + " KiB", null);
                }
              },
              deadline);
      return new Said(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    } catch (SocketTimeoutException e) {
      throw new Untold(name + " " + e.getMessage(), e);
    } catch (IOException e) {
      throw unheard(name, e);
    }
  }

  /**
   * Runs one that may talk as much as it likes, and of which it is to be known that it was begun.
   *
   * @param command the program's whole path, and its arguments
   * @param environment besides what all are given
   * @param begun told of the process
   * @throws Untold it was not begun, or nothing is known of its end
   */
  public Ended act(
      List<String> command,
      Map<String, String> environment,
      Consumer<ProcessHandle> begun,
      Deadline deadline)
      throws InterruptedException, Untold {
    var last = new ByteArrayOutputStream();
    try (var pipes = Pipes.in(temporary)) {
      var exitCode =
          ended(
              new Order(command, environment, true, begun),
              pipes,
              () -> pipes.out().takeLast(last, LAST_BYTES),
              deadline);
      return new Ended(exitCode, "ended with exit code " + exitCode, last.toString(UTF_8));
    } catch (SocketTimeoutException e) {
      return new Ended(null, String.valueOf(e.getMessage()), last.toString(UTF_8));
    } catch (IOException e) {
      throw unheard(name(command), e);
    }
  }

  private static Untold unheard(String name, IOException e) {
    return new Untold(name + " cannot be listened to: " + e.getMessage(), e);
  }

  private static String name(List<String> command) {
    return String.valueOf(Path.of(command.getFirst()).getFileName());
  }

  /**
   * @param together what it says and what it complains of, in the order in which it does
   */
  private record Order(
      List<String> command,
      Map<String, String> environment,
      boolean together,
      Consumer<ProcessHandle> begun) {}

  /** Takes what was said by now. */
  @FunctionalInterface
  private interface Ear {
    void hear() throws IOException, Untold;
  }

  private void checked(List<String> command) throws Untold {
    var program = Path.of(command.getFirst());
    if (!Files.isRegularFile(program)) {
      throw new Untold(program + " is not there, or is no program", null);
    }
    if (!Files.isExecutable(program)) {
      throw new Untold(program + " may not be executed by Heartbeat: see its mode and owner", null);
    }
    var before = hanging.get(command);
    if (before != null && before.isAlive()) {
      throw new Untold(
          "an earlier %s (process %d) hangs".formatted(program.getFileName(), before.pid()), null);
    }
  }

  private int ended(Order order, Pipes pipes, Ear ear, Deadline deadline)
      throws InterruptedException, IOException, Untold {
    checked(order.command());
    var process = started(order, pipes);
    try {
      pipes.hide();
      order.begun().accept(process.toHandle());
      return exitCode(process, ear, deadline);
    } finally {
      end(order.command(), process);
    }
  }

  private static Process started(Order order, Pipes pipes) throws Untold {
    try {
      var whole = new ArrayList<>(ProcessGroup.PREFIX);
      whole.addAll(order.command());
      var builder = new ProcessBuilder(whole).directory(new File("/"));
      builder.environment().keySet().retainAll(KEPT);
      builder.environment().put("LC_ALL", "C"); // numbers with a point
      builder.environment().putAll(order.environment());
      builder.redirectOutput(pipes.out().end()).redirectError(pipes.err().end());
      builder.redirectErrorStream(order.together());
      var process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new Untold(order.command().getFirst() + " cannot be run: " + e.getMessage(), e);
    }
  }

  /**
   * What is there is read now and then, never waited for: the program's children may hold the other
   * end of its pipes for as long as they like.
   */
  private static int exitCode(Process process, Ear ear, Deadline deadline)
      throws InterruptedException, IOException, Untold {
    while (true) {
      var ended = !process.isAlive(); // looked at first, so that nothing it said is missed
      if (ended) {
        ProcessGroup.kill(process);
      }
      ear.hear();
      if (ended) {
        return process.exitValue();
      }
      process.waitFor(Math.min(LOOK_MILLIS, deadline.remainingMillis()), TimeUnit.MILLISECONDS);
    }
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

  /** In a directory of their own, which is gone as soon as the program has opened them. */
  private record Pipes(Path directory, NamedPipe out, NamedPipe err) implements Closeable {
    static Pipes in(Path temporary) throws IOException {
      var directory = Files.createTempDirectory(temporary, "heartbeat-");
      try {
        var out = NamedPipe.create(directory.resolve("out"));
        try {
          return new Pipes(directory, out, NamedPipe.create(directory.resolve("err")));
        } catch (IOException e) {
          out.close();
          throw e;
        }
      } catch (IOException e) {
        hide(directory);
        throw e;
      }
    }

    void hide() throws IOException {
      hide(directory);
    }

    @Override
    public void close() throws IOException {
      try (out;
          err) {
        hide();
      }
    }

    private static void hide(Path directory) throws IOException {
      Files.deleteIfExists(directory.resolve("out"));
      Files.deleteIfExists(directory.resolve("err"));
      Files.deleteIfExists(directory);
    }
  }
}
