package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.FileStatus;
import java.io.IOException;

/** What is done with what a {@link Walk} comes to. Paths are from the root on. */
interface Visitor {

  /**
   * A regular file that somebody asked for.
   *
   * @param asked a bit for each selection that did
   * @return it is no longer there
   */
  boolean file(Level level, byte[] name, FileStatus status, long asked);

  /**
   * A regenerable directory in which nothing is left.
   *
   * @return it is no longer there
   */
  default boolean emptied(Level parent, byte[] name, FileStatus status, long asked) {
    return false;
  }

  default void spared(byte[] path, Spared why) {}

  /** Said once, beside the count. */
  default void remark(byte[] path, String words) {}

  default void failed(byte[] path, IOException failure) {}
}
