package io.nexus.heartbeat.cleanup;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nexus.heartbeat.posix.C;
import java.lang.foreign.FunctionDescriptor;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Work done with the rights of another user, by setfsuid(2) of one thread, which gives up root's
 * rights on files; as root only. Who is not root is that other user already.
 */
final class AnotherUser {
  static final int UID = 65534;

  private AnotherUser() {}

  static boolean isPossible() {
    return id("geteuid") == 0;
  }

  static <T> T run(Callable<T> work) throws Exception {
    if (!isPossible()) {
      return work.call();
    }
    var task =
        new FutureTask<>(
            () -> {
              become("setfsgid");
              become("setfsuid");
              return work.call();
            });
    Thread.ofPlatform().start(task).join(); // a thread of its own, for it is nobody's afterwards
    return task.get();
  }

  private static int id(String name) {
    var function = C.function(name, FunctionDescriptor.of(JAVA_INT));
    return C.call(() -> (int) function.invokeExact());
  }

  private static void become(String name) {
    var function = C.function(name, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    var _ = C.call(() -> (int) function.invokeExact(UID));
  }
}
