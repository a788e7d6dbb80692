package io.nexus.heartbeat.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import java.io.File;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The nvidia-smi of this machine. It hangs when its driver does, then often so that nothing can end
 * it; so there is one at a time.
 *
 * @see <a href="https://docs.nvidia.com/deploy/nvidia-smi/index.html">its manual</a>
 */
final class NvidiaSmi {
  private static final int MOST_BYTES = 64 * 1024;
  private static final List<String> QUERY =
      List.of(
          "--query-gpu=index,utilization.gpu,memory.used,memory.total,temperature.gpu",
          "--format=csv,noheader,nounits");

  private final String searched;
  private final Semaphore turn = new Semaphore(1);
  private @Nullable Process running; // by whose turn it is

  /** Its message is for a person. */
  static final class Untold extends Exception {
    private static final long serialVersionUID = 1;

    private Untold(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * @param path the directories that are searched, as PATH has them
   */
  NvidiaSmi(String path) {
    this.searched = path;
  }

  /** Who comes while one runs waits for it; which is no fault of either. */
  List<GpuState> ask(Deadline deadline) throws InterruptedException, Untold {
    var program = find();
    try {
      if (!turn.tryAcquire(deadline.remainingMillis(), TimeUnit.MILLISECONDS)) {
        throw deadline.timedOut();
      }
    } catch (SocketTimeoutException e) {
      throw new Untold("nvidia-smi is busy with another target's question: " + e.getMessage(), e);
    }
    try {
      return told(program, deadline);
    } finally {
      turn.release();
    }
  }

  private List<GpuState> told(Path program, Deadline deadline) throws InterruptedException, Untold {
    var process = start(program);
    try {
      var said = said(process, deadline);
      if (!process.waitFor(deadline.remainingMillis(), TimeUnit.MILLISECONDS)) {
        throw deadline.timedOut();
      }
      return gpus(said, process.exitValue());
    } catch (SocketTimeoutException e) {
      throw new Untold("nvidia-smi " + e.getMessage(), e);
    } finally {
      end(process);
    }
  }

  private Path find() throws Untold {
    for (var directory : searched.split(File.pathSeparator, -1)) {
      var program = Path.of(directory.isEmpty() ? "." : directory, "nvidia-smi");
      if (program.isAbsolute() && Files.isExecutable(program)) {
        return program;
      }
    }
    throw new Untold("nvidia-smi is not installed: it is in no directory of PATH", null);
  }

  private Process start(Path program) throws Untold {
    if (running != null && running.isAlive()) {
      throw new Untold("an earlier nvidia-smi (process %d) hangs".formatted(running.pid()), null);
    }
    try {
      var command = new ArrayList<>(List.of(program.toString()));
      command.addAll(QUERY);
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      // Our environment holds secrets, which are none of its business.
      builder.environment().keySet().retainAll(List.of("PATH", "LD_LIBRARY_PATH"));
      var process = builder.start();
      running = process;
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new Untold(program + " cannot be run: " + e.getMessage(), e);
    }
  }

  /** Read on another thread: who holds the other end of the pipe may outlive the process. */
  private static String said(Process process, Deadline deadline)
      throws InterruptedException, SocketTimeoutException, Untold {
    var said = new CompletableFuture<byte[]>();
    Thread.ofVirtual()
        .name("nvidia-smi")
        .start(
            () -> {
              try {
                said.complete(process.getInputStream().readNBytes(MOST_BYTES));
              } catch (IOException e) {
                said.completeExceptionally(e);
              }
            });
    try {
      return new String(said.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS), UTF_8);
    } catch (TimeoutException _) {
      throw deadline.timedOut();
    } catch (ExecutionException e) {
      throw new Untold("nvidia-smi broke off", e);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static List<GpuState> gpus(String said, int exit) throws Untold {
    if (exit != 0) {
      throw new Untold(
          said.isBlank()
              ? "nvidia-smi failed with exit code " + exit
              : "nvidia-smi: " + Plain.text(said.strip(), 200),
          null);
    }
    var gpus = new ArrayList<GpuState>();
    for (var line : said.lines().filter(l -> !l.isBlank()).toList()) {
      var fields = line.split(",", -1);
      if (fields.length != 5) {
        throw new Untold(
            "nvidia-smi answers in another form: " + Plain.text(line.strip(), 60), null);
      }
      var used = number(fields[2]);
      var total = number(fields[3]);
      gpus.add(
          new GpuState(
              fields[0].strip(),
              number(fields[1]),
              used == null || total == null || total <= 0
                  ? null
                  : Double.valueOf(100 * used / total),
              number(fields[4]),
              null));
    }
    if (gpus.isEmpty()) {
      throw new Untold("nvidia-smi tells of no GPU", null);
    }
    return gpus;
  }

  /** Null for what it does not know, such as [N/A]. */
  private static @Nullable Double number(String field) {
    try {
      var number = Double.parseDouble(field.strip());
      return Double.isFinite(number) ? number : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
