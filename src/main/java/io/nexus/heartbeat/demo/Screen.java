package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The terminal: the story's steps, the table as it changes, the messages beside it. */
public final class Screen {
  /** For what is no terminal, and has no edge. */
  public static final int ENDLESS = Integer.MAX_VALUE;

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss  ");
  private static final String MARGIN = " ".repeat(10);
  private static final String COLUMNS = "%-6s %-9s %-8s %-20s %-12s ";
  private static final String MESSAGE = "%-46s %s";
  private static final int WIDE_ENOUGH = 121;

  private final PrintWriter out;
  private final boolean colours;
  private final int width;
  private @Nullable String lastRow;

  /**
   * @param width of a line, in characters
   */
  public Screen(PrintWriter out, boolean colours, int width) {
    this.out = out;
    this.colours = colours;
    this.width = width;
  }

  synchronized void step(int number, int of, String title) {
    line("");
    put("%d/%d  ".formatted(number, of), "     ", title, "1");
  }

  synchronized void seen(String what, Duration took) {
    put("✓ ", "  ", "%s (%.1f s)".formatted(what, took.toMillis() / 1000.0), "32");
  }

  /** What went wrong. */
  public synchronized void failed(String what) {
    what.lines().forEach(line -> put("✗ ", "  ", line, "31"));
  }

  /** Words, which may be broken anywhere. */
  public synchronized void note(String text) {
    text.lines().forEach(line -> put("", "", line, ""));
  }

  /** To be copied: never broken. */
  synchronized void command(String text) {
    line(now() + text);
  }

  synchronized void message(TelegramStandIn.Message message) {
    ("Telegram: " + message.text()).lines().forEach(line -> put("  │ ", "  │ ", line, "36"));
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
      table("MESSAGE", "AGE", List.of("NAME", "LEVEL", "HEALTHY", "RECOVERY", "LAST CHANGE"), true);
    }
    lastRow = gist;
    table(
        status.message(),
        ago(Instant.parse(monitor.getMetadata().getCreationTimestamp())),
        List.of(
            monitor.getMetadata().getName(),
            status.level().toString(),
            status.summary().healthy(),
            status.summary().recovery(),
            ago(status.lastChangeTime())),
        false);
  }

  /** On a narrow terminal the message, which is the widest column, has a line of its own. */
  private void table(String message, String age, List<String> cells, boolean heading) {
    var row = now() + COLUMNS.formatted(cells.toArray());
    if (width >= WIDE_ENOUGH) {
      line((row + MESSAGE.formatted(message, age)).stripTrailing());
      return;
    }
    line((row + age).stripTrailing());
    if (!message.isEmpty() && !heading) {
      line(MARGIN + "       " + message);
    }
  }

  private static String ago(@Nullable Instant since) {
    return since == null
        ? ""
        : Math.max(0, Duration.between(since, Instant.now()).toSeconds()) + "s";
  }

  private static String now() {
    return LocalTime.now().format(CLOCK);
  }

  /**
   * Breaks between words what is wider than the terminal.
   *
   * @param colour of ANSI's, or empty
   */
  private void put(String lead, String nextLead, String text, String colour) {
    var margin = now();
    var head = lead;
    var rest = text;
    while (true) {
      var room = Math.max(20, width - MARGIN.length() - head.length());
      var end = rest.length() <= room ? -1 : rest.lastIndexOf(' ', room);
      var part = end <= 0 ? rest : rest.substring(0, end);
      line(margin + coloured(colour, head + part));
      if (end <= 0) {
        return;
      }
      rest = rest.substring(end + 1);
      margin = MARGIN;
      head = nextLead;
    }
  }

  private void line(String line) {
    out.println(line);
    out.flush();
  }

  private String coloured(String code, String text) {
    return colours && !code.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
