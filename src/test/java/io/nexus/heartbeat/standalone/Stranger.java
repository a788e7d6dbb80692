package io.nexus.heartbeat.standalone;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Another process that wants the lock: its own main, for a lock is a process's and not a file's.
 */
final class Stranger {
  private Stranger() {}

  static boolean gets(Path lock) throws Exception {
    var classes = Stranger.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var command =
        new ProcessBuilder(
            java.toString(),
            "-cp",
            Path.of(classes).toString(),
            Stranger.class.getName(),
            lock.toString());
    var exit = command.inheritIO().start().waitFor();
    if (exit > 1) {
      throw new IllegalStateException("the stranger failed with " + exit);
    }
    return exit == 0;
  }

  public static void main(String[] arguments) {
    try (var channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
      System.exit(channel.tryLock() == null ? 1 : 0);
    } catch (java.io.IOException _) {
      System.exit(2);
    }
  }
}
