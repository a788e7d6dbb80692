package io.nexus.heartbeat.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are made for a person, who may have such already: those are not written over. */
public final class NewFiles {
  private static final FileAttribute<?> OWN_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWN_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

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
    if (replace) {
      Files.writeString(file, text);
    } else {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
  }

  /** For its owner alone, from its first moment; its directories, where they are made, too. */
  public static void writeSecret(Path file, String text) throws IOException {
    var directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Files.createDirectories(directory, OWN_DIRECTORY);
    var made = Files.createTempFile(directory, ".", ".new", OWN_FILE);
    try {
      Files.write(made, text.getBytes(UTF_8));
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
