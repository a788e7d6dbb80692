package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The terminal: the story's steps, the table as it changes, the messages beside it. */
public final class Screen {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final String COLUMNS = "%-6s %-9s %-8s %-20s %-12s %-58s %s";

  private final PrintWriter out;
  private final boolean colours;
  private @Nullable String lastRow;

  public Screen(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  synchronized void step(int number, int of, String title) {
    line("");
    line(bold("%s  %d/%d  %s".formatted(now(), number, of, title)));
  }

  synchronized void seen(String what, Duration took) {
    line("%s       %s %s (%.1f s)".formatted(now(), green("✓"), what, took.toMillis() / 1000.0));
  }

  synchronized void failed(String what) {
    line("%s       %s %s".formatted(now(), red("✗"), what));
  }

  synchronized void note(String text) {
    text.lines().forEach(line -> line("%s       %s".formatted(now(), line)));
  }

  synchronized void message(TelegramStandIn.Message message) {
    text(message)
        .lines()
        .forEach(line -> line("%s         %s".formatted(now(), cyan("│ " + line))));
  }

  /** The row that {@code kubectl get hbm -w} would print, when it says something new. */
  synchronized void row(HeartbeatMonitor monitor) {
    var status = monitor.getStatus();
    if (status == null) {
      return;
    }
    var gist =
        "%s %s %s %s"
            .formatted(
                status.level(),
                status.summary().healthy(),
                status.summary().recovery(),
                status.message().replaceAll(" \\(\\d+ in a row\\)", ""));
    if (gist.equals(lastRow)) {
      return;
    }
    if (lastRow == null) {
      table("NAME", "LEVEL", "HEALTHY", "RECOVERY", "LAST CHANGE", "MESSAGE", "AGE");
    }
    lastRow = gist;
    table(
        monitor.getMetadata().getName(),
        status.level().toString(),
        status.summary().healthy(),
        status.summary().recovery(),
        ago(status.lastChangeTime()),
        status.message(),
        ago(Instant.parse(monitor.getMetadata().getCreationTimestamp())));
  }

  private void table(String... cells) {
    line("%s       %s".formatted(now(), COLUMNS.formatted((Object[]) cells).stripTrailing()));
  }

  private static String text(TelegramStandIn.Message message) {
    return "Telegram: " + message.text();
  }

  private static String ago(@Nullable Instant since) {
    return since == null
        ? ""
        : Math.max(0, Duration.between(since, Instant.now()).toSeconds()) + "s";
  }

  private static String now() {
    return LocalTime.now().format(CLOCK);
  }

  private void line(String line) {
    out.println(line);
    out.flush();
  }

  private String bold(String text) {
    return coloured("1", text);
  }

  private String green(String text) {
    return coloured("32", text);
  }

  private String red(String text) {
    return coloured("31", text);
  }

  private String cyan(String text) {
    return coloured("36", text);
  }

  private String coloured(String code, String text) {
    return colours ? "\033[" + code + "m" + Objects.requireNonNull(text) + "\033[0m" : text;
  }
}
