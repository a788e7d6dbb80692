package io.nexus.heartbeat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * The least a check can cost here: connect, write, read, close, each on a virtual thread, and
 * nothing around it; as many a second as the engine did.
 */
final class Floor {
  private static final byte[] REQUEST =
      "GET /0 HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);

  private final int port;
  private final LongAdder failed = new LongAdder();

  Floor(int port) {
    this.port = port;
  }

  /** Milliseconds of CPU for 1,000. */
  double cpuPerThousand(double perSecond, Duration duration) {
    run(perSecond, duration.dividedBy(2)); // until it is compiled
    var before = Machine.cpuMillis();
    var done = run(perSecond, duration);
    var cpu = Machine.cpuMillis() - before;
    if (failed.sum() > 0) {
      throw new IllegalStateException(failed.sum() + " connections of the bare loop failed");
    }
    return cpu * 1000 / done;
  }

  private long run(double perSecond, Duration duration) {
    var gap = (long) (1e9 / perSecond);
    var end = System.nanoTime() + duration.toNanos();
    var done = 0L;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var due = System.nanoTime(); due < end; due += gap) {
        for (var left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        threads.submit(this::once);
        done++;
      }
    }
    return done;
  }

  private void once() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(REQUEST);
      if (socket.getInputStream().readAllBytes().length == 0) {
        failed.increment();
      }
    } catch (IOException _) {
      failed.increment();
    }
  }
}
