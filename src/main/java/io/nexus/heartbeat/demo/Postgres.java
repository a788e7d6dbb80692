package io.nexus.heartbeat.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.FileUtils;

/** A PostgreSQL for this run, of which nothing stays, whatever happens while it starts. */
record Postgres(EmbeddedPostgres server, Path data) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 5;
  private static final int ATTEMPTS = 50;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

  /**
   * A start that is interrupted, or meets the end of this virtual machine, forgets the server
   * process it has begun. So Ctrl-C does not reach it, and the data directory tells whose processes
   * they are.
   */
  static Postgres start() throws IOException {
    var data = Files.createTempDirectory("heartbeat-demo-postgres-");
    try {
      var server = CompletableFuture.supplyAsync(() -> start(data), Thread::startVirtualThread);
      return new Postgres(server.join(), data);
    } catch (CompletionException e) {
      end(data);
      throw new IOException("PostgreSQL did not start: " + e.getMessage(), e);
    }
  }

  private static EmbeddedPostgres start(Path data) {
    try {
      return EmbeddedPostgres.builder().setDataDirectory(data).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** It takes its data away by itself, but not what a process of it still wrote meanwhile. */
  @Override
  public void close() throws IOException {
    try {
      server.close();
    } finally {
      end(data);
    }
  }

  /**
   * Again while something is left: a process may have begun another before it ended, and the
   * server's own shutdown hook deletes the same files at the same time.
   */
  private static void end(Path data) throws IOException {
    for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
      stop(processes(data));
      FileUtils.deleteQuietly(data.toFile());
      if (Files.notExists(data) && processes(data).isEmpty()) {
        return;
      }
      LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
    }
    throw new IOException("PostgreSQL's data stays in " + data);
  }

  private static void stop(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroy);
    for (var process : processes) {
      process
          .onExit()
          .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join()
          .destroyForcibly();
    }
  }

  private static List<ProcessHandle> processes(Path data) {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").contains(data.toString()))
        .toList();
  }
}
