package io.nexus.heartbeat.posix;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Signals that this process ignores, and so whatever it begins: SIGHUP by nohup(1), SIGINT as a job
 * in the background of a script. Java leaves them so.
 */
public final class IgnoredSignals {
  public static final int HUP = 1;
  public static final int INT = 2;

  private IgnoredSignals() {}

  /** Where it cannot be told, it is heard. proc(5): SigIgn, a bit for each. */
  public static void assumeHeard(int signal) throws IOException {
    var status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      var ignored =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .findFirst()
              .orElse(0);
      assumeTrue((ignored & (1L << (signal - 1))) == 0, "signal " + signal + " is ignored here");
    }
  }
}
