package io.nexus.heartbeat.decide;

import java.util.Collection;

/**
 * Whether it may be us who fail rather than what is watched: much that is in different places fails
 * at once. Only then is it worth asking whether we reach what we ourselves stand on.
 */
public final class SelfDoubt {
  static final int TARGETS = 3;
  static final int HOSTS = 2;

  private SelfDoubt() {}

  /**
   * What fails now.
   *
   * @param host what it is reached at
   */
  public record Failing(String monitor, String target, String host) {}

  public static boolean isDue(Collection<Failing> failing) {
    return targets(failing) >= TARGETS && hosts(failing) >= HOSTS;
  }

  /**
   * @param why what of our own does not work
   */
  public static String words(Collection<Failing> failing, String why) {
    return "%d targets on %d hosts fail together, and %s: it may be us"
        .formatted(targets(failing), hosts(failing), why);
  }

  private static long targets(Collection<Failing> failing) {
    return failing.stream().map(it -> it.monitor() + "/" + it.target()).distinct().count();
  }

  private static long hosts(Collection<Failing> failing) {
    return failing.stream().map(Failing::host).distinct().count();
  }
}
