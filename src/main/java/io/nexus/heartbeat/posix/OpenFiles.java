package io.nexus.heartbeat.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What processes have open, as far as it can be seen from here: root sees all of a machine, others
 * see their own processes, and who is in a container sees the container's.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html">proc_pid_fd(5)</a>
 */
public final class OpenFiles {
  private static final Path PROCESSES = Path.of("/proc");

  /** PROC_PID_INIT_INO of linux/proc_ns.h: the machine's own, and no container's. */
  private static final String ALL_PROCESSES = "pid:[4026531836]";

  /** Open for writing, or for both: O_ACCMODE of the flags, which are octal. */
  private static final int WRITING = 3;

  private OpenFiles() {}

  /**
   * A regular file that somebody has open.
   *
   * @param status with no {@link FileStatus#links} when it was deleted
   */
  public record OpenFile(long process, Path descriptor, FileStatus status) {
    /** Also when it cannot be told. */
    public boolean isForWriting() {
      var about = PROCESSES.resolve(process + "/fdinfo/" + descriptor.getFileName());
      try (var lines = Files.lines(about, ISO_8859_1)) {
        return lines
            .filter(line -> line.startsWith("flags:"))
            .noneMatch(line -> (Long.parseLong(line.substring(6).strip(), 8) & WRITING) == 0);
      } catch (IOException | RuntimeException _) {
        return true;
      }
    }

    /** The program's name as it calls itself. */
    public String program() {
      try {
        return Files.readString(PROCESSES.resolve(process + "/comm"), ISO_8859_1).strip();
      } catch (IOException _) {
        return "a process that has ended";
      }
    }
  }

  /**
   * Shows every regular file that a process has open.
   *
   * @return false when there are processes, or may be, that cannot be looked into
   */
  public static boolean each(Consumer<OpenFile> open) {
    var all = isAllOfTheMachine();
    try (var processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (var process : processes) {
        all &= of(process, open);
      }
      return all;
    } catch (IOException | DirectoryIteratorException _) {
      return false;
    }
  }

  private static boolean isAllOfTheMachine() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals(ALL_PROCESSES);
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean of(Path process, Consumer<OpenFile> open) {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        of(Long.parseLong(process.getFileName().toString()), descriptor, open);
      }
      return true;
    } catch (IOException | DirectoryIteratorException _) {
      return Files.notExists(process); // it has ended; or it is somebody else's
    }
  }

  private static void of(long process, Path descriptor, Consumer<OpenFile> open) {
    FileStatus status;
    try {
      status = FileStatus.ofOpen(descriptor);
    } catch (IOException _) {
      return; // it was closed meanwhile
    }
    if (status.kind() == FileStatus.Kind.RegularFile) {
      open.accept(new OpenFile(process, descriptor, status));
    }
  }
}
