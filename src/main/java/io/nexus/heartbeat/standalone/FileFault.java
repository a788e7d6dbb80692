package io.nexus.heartbeat.standalone;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file cannot be read, in words. */
public final class FileFault {
  private FileFault() {}

  public static String of(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return "it is a directory";
    }
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case FileSystemException fault when fault.getReason() != null -> fault.getReason();
      default -> requireNonNullElse(e.getMessage(), "it cannot be read");
    };
  }
}
