package io.nexus.heartbeat.demo;

import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, the last first; what fails to close stops nothing else. */
final class TakeDown {
  private static final Logger log = LoggerFactory.getLogger(TakeDown.class);

  private TakeDown() {}

  static void all(Deque<AutoCloseable> opened) {
    var interrupted = Thread.interrupted(); // closing may have to wait for something
    while (!opened.isEmpty()) {
      var resource = opened.pop();
      try {
        resource.close();
      } catch (Exception e) {
        log.warn("{} did not close", resource, e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
