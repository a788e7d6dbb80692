package io.nexus.heartbeat.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nexus.heartbeat.posix.C;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What is at the other end of the standard error, where logs go, and of the standard output. */
final class Terminal {
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  /** A person may be looking, and not a file or a collector of logs. */
  static boolean isStandardError() {
    // System.console() tells of the other two streams only. POSIX, isatty: 1 for a terminal.
    return isatty(STANDARD_ERROR) == 1;
  }

  /** The same of what a command answers. */
  static boolean isStandardOutput() {
    return isatty(STANDARD_OUTPUT) == 1;
  }

  /** no-color.org: "when present and not an empty string (regardless of its value)". */
  static boolean wantsColours(Map<String, String> environment) {
    return isStandardError() && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /**
   * systemd's journal reads the standard error. systemd.exec(5): JOURNAL_STREAM has the device and
   * the inode of its socket, and is inherited by who has redirected the stream since.
   */
  static boolean isJournal(Map<String, String> environment) {
    var stream = environment.getOrDefault("JOURNAL_STREAM", "");
    if (stream.isEmpty()) {
      return false;
    }
    try {
      var error = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
      return stream.equals(error.get("dev") + ":" + error.get("ino"));
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  private static int isatty(int descriptor) {
    return C.call(() -> (int) Native.ISATTY.invokeExact(descriptor));
  }

  private static final class Native {
    static final MethodHandle ISATTY =
        C.function("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }
}
