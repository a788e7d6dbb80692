package io.nexus.heartbeat.check;

import static java.util.Objects.requireNonNull;

import io.nexus.heartbeat.net.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the kernel, on threads of their own: of a mount that hangs, such as NFS without its server,
 * it says nothing, and who asked cannot be called back. So there is one question to a path at a
 * time, and whoever asks meanwhile waits for its answer.
 */
final class LocalDisks {
  private final Source source;
  private final Map<Path, CompletableFuture<DiskUsage>> asked = new ConcurrentHashMap<>();

  @FunctionalInterface
  interface Source {
    DiskUsage of(Path path) throws IOException;
  }

  /** Its message is for a person. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    private Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  LocalDisks(Source source) {
    this.source = source;
  }

  /**
   * @throws SocketTimeoutException the file system did not answer in time
   */
  DiskUsage usage(Path path, Deadline deadline)
      throws InterruptedException, SocketTimeoutException, Unreadable {
    try {
      return asked
          .computeIfAbsent(path, this::ask)
          .get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw deadline.timedOut();
    } catch (ExecutionException e) {
      throw new Unreadable(words(path, requireNonNull(e.getCause())), e);
    }
  }

  private CompletableFuture<DiskUsage> ask(Path path) {
    var answer = new CompletableFuture<DiskUsage>();
    Thread.ofPlatform()
        .daemon()
        .name("disk of " + path)
        .start(
            () -> {
              try {
                var usage = source.of(path);
                asked.remove(path);
                answer.complete(usage);
              } catch (IOException | RuntimeException | LinkageError e) {
                asked.remove(path);
                answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  private static String words(Path path, Throwable fault) {
    return switch (fault) {
      case NoSuchFileException _ -> "there is no " + path + " on this machine";
      case AccessDeniedException _ -> path + " cannot be looked at: permission denied";
      case FileSystemException f when f.getReason() != null ->
          path + " cannot be looked at: " + f.getReason();
      default -> path + " cannot be looked at: " + fault.getMessage();
    };
  }
}
