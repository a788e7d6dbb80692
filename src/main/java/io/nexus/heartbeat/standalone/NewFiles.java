package io.nexus.heartbeat.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.UUID;

/** Files that are made for a person, who may have such already: those are not written over. */
public final class NewFiles {
  private static final FileAttribute<?> OWN_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWN_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int ROOT = 0;

  private NewFiles() {}

  /** It is there, and says something else. */
  public static boolean wouldChange(Path file, String text) throws IOException {
    return Files.exists(file) && !text.equals(Files.readString(file));
  }

  /**
   * For everybody to read who may by the umask.
   *
   * @throws FileAlreadyExistsException it is there, and is not to be replaced
   */
  public static void write(Path file, String text, boolean replace) throws IOException {
    if (!replace) {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return;
    }
    // Whole or not at all; and where there is a link, it is the link that is replaced.
    var made = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".new");
    try {
      Files.writeString(made, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  /**
   * For its owner alone, from its first moment; its directories, where they are made, too. What is
   * replaced keeps its owner, group and mode, for whoever may read it is to go on doing so.
   *
   * @param within the directory of all secrets: neither it nor what is below may be a link or
   *     another user's, who could have a secret written anywhere
   */
  public static void writeSecret(Path within, Path file, String text) throws IOException {
    var directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Files.createDirectories(directory, OWN_DIRECTORY);
    refuseLinks(within, directory);
    var made = Files.createTempFile(directory, ".", ".new", OWN_FILE);
    try {
      refuseOthers(within, directory, uid(made));
      Files.write(made, text.getBytes(UTF_8));
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        takeOver(made, Files.readAttributes(file, PosixFileAttributes.class));
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private static void refuseLinks(Path within, Path directory) throws IOException {
    for (var at = directory; at.startsWith(within); at = Objects.requireNonNull(at.getParent())) {
      if (Files.isSymbolicLink(at)) {
        throw new FileSystemException(at.toString(), null, "it is a link");
      }
    }
  }

  /** Whoever owns a directory may make anything of what is written there. */
  private static void refuseOthers(Path within, Path directory, Object us) throws IOException {
    for (var at = directory; at.startsWith(within); at = Objects.requireNonNull(at.getParent())) {
      if (!uid(at).equals(us) && !uid(at).equals(ROOT)) {
        throw new FileSystemException(at.toString(), null, "it is another user's");
      }
    }
  }

  private static Object uid(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static void takeOver(Path file, PosixFileAttributes old) throws IOException {
    var view =
        Objects.requireNonNull(Files.getFileAttributeView(file, PosixFileAttributeView.class));
    if (!view.readAttributes().owner().equals(old.owner())) {
      view.setOwner(old.owner());
    }
    if (!view.readAttributes().group().equals(old.group())) {
      view.setGroup(old.group());
    }
    view.setPermissions(old.permissions());
  }
}
