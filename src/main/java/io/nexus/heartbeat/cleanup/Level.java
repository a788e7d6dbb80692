package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.Directory;
import java.util.Arrays;
import java.util.List;

/** A directory on the way down, held open. */
final class Level implements AutoCloseable {
  private final Directory directory;
  private final byte[] path;
  private final int depth;
  private final long asked;
  private final long inside;
  private final List<Repository> repositories;
  private boolean isLeft;

  /**
   * @param path from the root on; empty is the root
   * @param asked a bit for each selection that asks for files here
   * @param inside those of them that ask for all that is here
   */
  Level(
      Directory directory,
      byte[] path,
      int depth,
      long asked,
      long inside,
      List<Repository> repositories) {
    this.directory = directory;
    this.path = path;
    this.depth = depth;
    this.asked = asked;
    this.inside = inside;
    this.repositories = repositories;
  }

  Directory directory() {
    return directory;
  }

  byte[] path() {
    return path;
  }

  int depth() {
    return depth;
  }

  long asked() {
    return asked;
  }

  long inside() {
    return inside;
  }

  List<Repository> repositories() {
    return repositories;
  }

  byte[] path(byte[] name) {
    if (path.length == 0) {
      return name;
    }
    var whole = Arrays.copyOf(path, path.length + 1 + name.length);
    whole[path.length] = '/';
    System.arraycopy(name, 0, whole, path.length + 1, name.length);
    return whole;
  }

  boolean isTracked(byte[] below) {
    return repositories.stream().anyMatch(repository -> repository.tracks(below));
  }

  /** Something in it stays, so that it does, too. */
  void leave() {
    isLeft = true;
  }

  boolean isLeft() {
    return isLeft;
  }

  @Override
  public void close() {
    directory.close();
  }
}
