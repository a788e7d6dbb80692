package io.nexus.heartbeat.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Functions of the C library. Who calls one knows its manual page, and names it. */
public final class C {
  private C() {}

  /**
   * @throws java.util.NoSuchElementException this system has none of that name
   */
  @SuppressWarnings("restricted")
  public static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  /** What is called, with {@link MethodHandle#invokeExact}, which is declared to throw anything. */
  @FunctionalInterface
  public interface Invocation<T> {
    T run() throws Throwable;
  }

  public static <T> T call(Invocation<T> invocation) {
    try {
      return invocation.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a function of C throws nothing", e);
    }
  }
}
