package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, the last first; what fails to close stops nothing else. */
final class TakeDown {
  private static final Logger log = LoggerFactory.getLogger(TakeDown.class);

  private TakeDown() {}

  /**
   * On a thread of its own, because Ctrl-C interrupts ours, and an impatient second one must not
   * leave half of it standing.
   *
   * @throws StageFailure what one of them said of what is left
   */
  static void all(Deque<AutoCloseable> opened) throws StageFailure {
    var failure = new AtomicReference<@Nullable StageFailure>();
    CompletableFuture.runAsync(() -> close(opened, failure), Thread::startVirtualThread).join();
    var left = failure.get();
    if (left != null) {
      throw left;
    }
  }

  private static void close(
      Deque<AutoCloseable> opened, AtomicReference<@Nullable StageFailure> failure) {
    while (!opened.isEmpty()) {
      var resource = opened.pop();
      try {
        resource.close();
      } catch (StageFailure e) {
        failure.set(e);
      } catch (Exception e) {
        log.warn("{} did not close", resource, e);
      }
    }
  }
}
