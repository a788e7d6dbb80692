package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.posix.Programs.Untold;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The nvidia-smi of this machine. It hangs when its driver does, then often so that nothing can end
 * it; so there is one at a time.
 *
 * @see <a href="https://docs.nvidia.com/deploy/nvidia-smi/index.html">its manual</a>
 */
final class NvidiaSmi {
  private static final List<String> QUERY =
      List.of(
          "--query-gpu=index,utilization.gpu,memory.used,memory.total,temperature.gpu",
          "--format=csv,noheader,nounits");

  private final String searched;
  private final Programs programs = new Programs();
  private final Semaphore turn = new Semaphore(1);

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
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(QUERY);
    var said = programs.run(command, deadline);
    var text = said.exitCode() == 0 ? said.out() : said.out() + said.err();
    return gpus(text, said.exitCode());
  }

  private Path find() throws Untold {
    return Programs.find("nvidia-smi", searched)
        .orElseThrow(
            () -> new Untold("nvidia-smi is not installed: it is in no directory of PATH", null));
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
