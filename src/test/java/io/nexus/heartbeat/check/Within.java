package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A deadline that begins now. */
final class Within implements Deadline {
  private final long end;
  private final List<Closeable> open = new CopyOnWriteArrayList<>();

  Within(Duration time) {
    end = System.nanoTime() + time.toNanos();
    CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::closeAll);
  }

  static Within seconds(int seconds) {
    return new Within(Duration.ofSeconds(seconds));
  }

  private void closeAll() {
    for (var resource : open) {
      try {
        resource.close();
      } catch (IOException _) {
        // It is closed either way.
      }
    }
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  @Override
  public <C extends Closeable> C closing(C resource) {
    open.add(resource);
    return resource;
  }
}
