package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.GoDuration;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.OrderText;
import io.nexus.heartbeat.engine.MonitorKey;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands take that give an order; and how it is given. */
final class OrderOptions {
  static final String EXIT_CODES =
      "Exit code: 0 taken, 1 refused, 64 wrong usage, 69 no such place, 73 it cannot be left on the"
          + " host, 75 given, and not taken yet.%n";

  /** Given, and whether it will be taken is not known: as sysexits(3) has it, "try again". */
  static final int NOT_YET = 75;

  static final int REFUSED = 1;

  private static final Duration LOOK = Duration.ofMillis(250);

  @Mixin private final DeskOptions place = new DeskOptions();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who gives it, as it is recorded; default: who you are there.")
  private @Nullable String by;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "How long to wait for what comes of it; default ${DEFAULT-VALUE}, 0s: not.")
  private String wait = "10s";

  /** Gives it and says what came of it. */
  int give(Order order, String name, List<String> words, CommandLine line)
      throws InterruptedException {
    var patience = patience();
    var at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    check(order, OrderText.written(words, at, "somebody"));
    try (var desk = place.open()) {
      var monitor = DeskOptions.find(desk, name);
      var key = MonitorKey.of(monitor);
      var text = OrderText.written(words, at, by == null ? desk.who() : by);
      check(order, text);
      desk.give(key, order, text);
      var notNow = desk.asleep();
      var until = System.nanoTime() + (notNow.isPresent() ? Duration.ZERO : patience).toNanos();
      var handled = handled(desk, key, order, text);
      while (handled.isEmpty() && System.nanoTime() - until < 0) {
        Thread.sleep(LOOK);
        handled = handled(desk, key, order, text);
      }
      return handled
          .map(it -> said(key, it, line))
          .orElseGet(() -> notYet(key, order, notNow, patience, line.getErr()));
    }
  }

  private Duration patience() {
    try {
      return GoDuration.parse(wait);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--wait: " + e.getMessage());
    }
  }

  /** What is wrong with it in itself is said here, and troubles nobody else. */
  private static void check(Order order, String text) {
    try {
      var _ = OrderText.parse(order, text);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, order.word() + ": " + e.getMessage());
    }
  }

  private static Optional<Handled> handled(Desk desk, MonitorKey key, Order order, String text) {
    return desk.monitor(key).map(Desk::status).flatMap(s -> s.state().orders().of(order, text));
  }

  private static int said(MonitorKey key, Handled handled, CommandLine line) {
    if (handled.outcome() == Outcome.Taken) {
      line.getOut().println(key + ": " + handled.message());
      return 0;
    }
    line.getErr()
        .println(
            "heartbeat: %s: %s is refused: %s"
                .formatted(key, handled.order().word(), handled.message()));
    return REFUSED;
  }

  private static int notYet(
      MonitorKey key, Order order, Optional<String> why, Duration patience, PrintWriter err) {
    err.println(
        "heartbeat: %s: %s is given and not taken yet: %s"
            .formatted(
                key,
                order.word(),
                why.map(it -> it + "; the next that is started there takes it")
                    .orElseGet(
                        () ->
                            patience.isZero()
                                ? "it was not waited for"
                                : "nobody took it within "
                                    + GoDuration.format(patience)
                                    + "; it stands, and 'heartbeat status' shows what comes of it")));
    return NOT_YET;
  }
}
