package io.nexus.heartbeat.posix;

import java.io.IOException;
import java.util.Map;

/** A call of the system that failed, by the number it gave; errno(3), as Linux counts. */
public final class SystemFailure extends IOException {
  private static final long serialVersionUID = 1;

  public static final int ENOENT = 2;
  public static final int ENOTDIR = 20;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;

  /** In words of our own: those of the C library are in the language of the machine. */
  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(1, "operation not permitted"),
          Map.entry(ENOENT, "not there"),
          Map.entry(5, "input/output error"),
          Map.entry(12, "out of memory"),
          Map.entry(13, "permission denied"),
          Map.entry(16, "in use by the system"),
          Map.entry(ENOTDIR, "not a directory"),
          Map.entry(23, "too many open files on this machine"),
          Map.entry(24, "too many open files"),
          Map.entry(26, "a program that is running"),
          Map.entry(30, "read-only file system"),
          Map.entry(36, "name too long"),
          Map.entry(38, "not known to this system"),
          Map.entry(ENOTEMPTY, "not empty"),
          Map.entry(ELOOP, "a symbolic link"),
          Map.entry(116, "no longer known to the file server"));

  private final int number;

  SystemFailure(int number) {
    super(WORDS.getOrDefault(number, "error " + number));
    this.number = number;
  }

  public int number() {
    return number;
  }
}
