package io.nexus.heartbeat.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts deadlines; one daemon timer serves them all. */
public final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  public Deadlines() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("heartbeat-deadlines").factory());
    // Nearly every deadline ends before it passes: without this each would stay until its time.
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Begins now. Closing it only stops the clock; what was opened stays its owner's to close. */
  public Running start(Duration allowed) {
    return new Running(timer, allowed);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** A deadline that runs until it passes or is closed. */
  public static final class Running implements Deadline, AutoCloseable {
    private final Duration allowed;
    private final long end;
    private final Future<?> alarm;
    private final List<Closeable> open = new ArrayList<>(2);
    private boolean passed;

    private Running(ScheduledThreadPoolExecutor timer, Duration allowed) {
      this.allowed = allowed;
      this.end = System.nanoTime() + allowed.toNanos();
      this.alarm = timer.schedule(this::pass, allowed.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Duration remaining() {
      var left = end - System.nanoTime();
      return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    @Override
    public SocketTimeoutException timedOut() {
      return new SocketTimeoutException("timed out after " + Plain.duration(allowed));
    }

    @Override
    public <C extends Closeable> C closing(C resource) {
      synchronized (open) {
        if (!passed) {
          open.add(resource);
          return resource;
        }
      }
      closeQuietly(resource);
      return resource;
    }

    @Override
    public void close() {
      alarm.cancel(false);
      synchronized (open) {
        open.clear();
      }
    }

    private void pass() {
      List<Closeable> overdue;
      synchronized (open) {
        passed = true;
        overdue = List.copyOf(open);
        open.clear();
      }
      if (!overdue.isEmpty()) {
        // Not on the timer: a close that blocks would delay every other deadline.
        Thread.ofVirtual()
            .name("heartbeat-deadline-passed")
            .start(() -> overdue.forEach(Running::closeQuietly));
      }
    }

    private static void closeQuietly(@Nullable Closeable resource) {
      try {
        if (resource != null) {
          resource.close();
        }
      } catch (IOException | RuntimeException _) {
        // It is being given up; whoever reads from it is told by the deadline.
      }
    }
  }
}
