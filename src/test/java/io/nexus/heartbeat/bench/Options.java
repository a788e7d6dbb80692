package io.nexus.heartbeat.bench;

import java.time.Duration;
import java.util.Locale;

/**
 * What is measured.
 *
 * @param hanging the share of targets that never answer, 0 to 1
 */
record Options(int port, int targets, Duration interval, double hanging, Duration duration) {

  static Options of(String... args) {
    var options = new Options(0, 1000, Duration.ofSeconds(10), 0.05, Duration.ofSeconds(60));
    for (var i = 0; i + 1 < args.length; i += 2) {
      options = options.with(args[i], args[i + 1]);
    }
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException(args[args.length - 1] + " needs a value");
    }
    return options;
  }

  private Options with(String name, String value) {
    return switch (name) {
      case "--port" -> new Options(Integer.parseInt(value), targets, interval, hanging, duration);
      case "--targets" -> new Options(port, Integer.parseInt(value), interval, hanging, duration);
      case "--interval" -> new Options(port, targets, time(value), hanging, duration);
      case "--hanging" -> new Options(port, targets, interval, share(value), duration);
      case "--duration" -> new Options(port, targets, interval, hanging, time(value));
      default -> throw new IllegalArgumentException("no such option: " + name);
    };
  }

  private static Duration time(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  private static double share(String text) {
    return Double.parseDouble(text.replace("%", "")) / 100;
  }

  int hangingTargets() {
    return (int) Math.round(targets * hanging);
  }

  /** They answer only by the deadline, which is then well within the interval. */
  Duration timeout() {
    return interval.dividedBy(2).compareTo(Duration.ofSeconds(5)) < 0
        ? interval.dividedBy(2)
        : Duration.ofSeconds(5);
  }

  long due(int ofTargets) {
    return ofTargets * (duration.toMillis() / interval.toMillis());
  }
}
