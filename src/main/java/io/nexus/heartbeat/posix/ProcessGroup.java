package io.nexus.heartbeat.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Process groups, which Java does not know. One is made by setsid(1), which every Linux has, and
 * which becomes the program it runs; where there is none, children that outlive it are not found.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2)</a>
 */
public final class ProcessGroup {
  private static final int SIGKILL = 9;

  /** What to write before a command, so that it is one. */
  public static final List<String> PREFIX =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .filter(program -> Files.isExecutable(Path.of(program)))
          .limit(1)
          .toList();

  private ProcessGroup() {}

  private static final class Native {
    static final MethodHandle KILL =
        C.function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  }

  /** All of the group that the process was started as; none is no failure. */
  public static void kill(Process process) {
    var group = Math.toIntExact(process.pid());
    if (PREFIX.isEmpty() || group <= 1) {
      return;
    }
    var _ = C.call(() -> (int) Native.KILL.invokeExact(-group, SIGKILL));
  }
}
