package io.nexus.heartbeat.cleanup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.posix.Directory;
import io.nexus.heartbeat.posix.FileStatus;
import io.nexus.heartbeat.posix.SystemFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A work tree of git's, which holds the root or is below it.
 *
 * @param above what is before a path from the root on, to be one from the work tree on
 * @param skipped so many bytes of a path from the root on are before the work tree
 */
record Repository(GitIndex index, byte[] above, int skipped) {
  static final byte[] GIT = ".git".getBytes(UTF_8);

  private static final byte[] INDEX = "index".getBytes(UTF_8);
  private static final String ELSEWHERE = "gitdir: ";
  private static final int LONGEST = 4096;

  /**
   * @param path from the root on
   */
  boolean tracks(byte[] path) {
    var inside = new byte[above.length + path.length - skipped];
    System.arraycopy(above, 0, inside, 0, above.length);
    System.arraycopy(path, skipped, inside, above.length, path.length - skipped);
    return index.tracks(inside);
  }

  /**
   * Those that the root is in, without one that begins there.
   *
   * @throws IOException there is one, and it cannot be told what it tracks
   */
  static List<Repository> above(Path root) throws IOException {
    var found = new ArrayList<Repository>();
    for (var at = root.getParent(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
        try (var directory = Directory.open(at)) {
          var before = (at.relativize(root) + "/").getBytes(UTF_8);
          index(directory, at).ifPresent(index -> found.add(new Repository(index, before, 0)));
        } catch (IOException e) {
          throw new IOException(at + ": " + e.getMessage(), e);
        }
      }
    }
    return found;
  }

  /**
   * The one that begins in a directory.
   *
   * @param path the same directory's, from the root on
   * @throws SystemFailure it cannot be looked at whether there is one
   * @throws IOException there is one, and it cannot be told what it tracks
   */
  static Optional<Repository> in(Directory directory, Path root, byte[] path) throws IOException {
    return index(directory, root.resolve(new String(path, UTF_8)))
        .map(index -> new Repository(index, new byte[0], path.length == 0 ? 0 : path.length + 1));
  }

  private static Optional<GitIndex> index(Directory directory, Path path) throws IOException {
    FileStatus git;
    try {
      git = directory.status(GIT);
    } catch (SystemFailure e) {
      if (e.number() == SystemFailure.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      return Optional.of(
          switch (git.kind()) {
            case Directory -> {
              try (var inside = directory.open(GIT)) {
                yield GitIndex.read(() -> inside.read(INDEX));
              }
            }
            case RegularFile -> {
              try (var elsewhere = Directory.open(elsewhere(directory, path))) {
                yield GitIndex.read(() -> elsewhere.read(INDEX));
              }
            }
            case SymbolicLink -> throw new IOException("its .git is a symbolic link");
            case Other -> throw new IOException("its .git is no file");
          });
    } catch (SystemFailure e) {
      throw new IOException("its index is " + e.getMessage(), e);
    }
  }

  /** As a submodule has it, and a further work tree. */
  private static Path elsewhere(Directory directory, Path path) throws IOException {
    try (var in = directory.read(GIT)) {
      var text = new String(in.readNBytes(LONGEST), UTF_8).strip();
      if (!text.startsWith(ELSEWHERE)) {
        throw new IOException("its .git is not one of git's");
      }
      return path.resolve(text.substring(ELSEWHERE.length())).normalize();
    } catch (InvalidPathException e) {
      throw new IOException("its .git names no path", e);
    }
  }
}
