package io.nexus.heartbeat.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people have ordered.
 *
 * @param handled The last order of each kind, and what came of it.
 * @param pause Nothing is repaired.
 * @param pressed The last orders that were given by a button, and what came of them.
 */
@Wire
public record OrderBook(List<Handled> handled, @Nullable Pause pause, List<Handled> pressed) {
  public static final OrderBook NONE = new OrderBook(List.of(), null, List.of());

  /** Telegram repeats a press until it is confirmed; whoever pressed is answered the same. */
  private static final int MOST_PRESSED = 5;

  public OrderBook {
    handled = List.copyOf(requireNonNullElse(handled, List.of()));
    pressed = List.copyOf(requireNonNullElse(pressed, List.of()));
  }

  /**
   * The last order of its kind.
   *
   * @param order What was ordered.
   * @param value The whole value of the annotation, or sha256: and its hash when it is too long; of
   *     a button the hash of what it carried.
   * @param at When it was handled.
   * @param by Who gave it, as the annotation says.
   * @param outcome Whether it was taken.
   * @param message What came of it.
   */
  @Wire
  public record Handled(
      Order order,
      String value,
      @Timestamp Instant at,
      String by,
      Outcome outcome,
      String message) {
    public Handled {
      value = requireNonNullElse(value, "");
      by = requireNonNullElse(by, OrderText.ANNOTATION);
      message = Bounded.message(requireNonNullElse(message, ""));
    }

    /** Whether an order was taken. */
    public enum Outcome {
      Taken,
      Refused
    }
  }

  /**
   * Nothing is repaired meanwhile; checks and messages go on.
   *
   * @param by Who ordered it.
   * @param since Since when.
   * @param until Until when; absent: until it is resumed.
   */
  @Wire
  public record Pause(String by, @Timestamp Instant since, @Timestamp @Nullable Instant until) {
    public Pause {
      by = requireNonNullElse(by, OrderText.ANNOTATION);
    }
  }

  /** What came of the order of that very text, if it is the last that was handled. */
  public Optional<Handled> of(Order order, String value) {
    return handled.stream()
        .filter(h -> h.order() == order && h.value().equals(kept(value)))
        .findFirst();
  }

  /** What came of the buttons that carried a value of this hash, if one of them was pressed. */
  public Optional<Handled> ofNonce(String nonce) {
    return pressed.stream().filter(h -> h.value().equals(nonce)).findFirst();
  }

  /** All that is known of, however it was given. */
  public List<Handled> all() {
    return Stream.concat(handled.stream(), pressed.stream()).toList();
  }

  /** The last that was handled, whatever it was. */
  public Optional<Handled> latest() {
    return all().stream().max(Comparator.comparing(Handled::at));
  }

  public OrderBook with(Handled now) {
    var all = new ArrayList<>(handled);
    all.removeIf(h -> h.order() == now.order());
    all.add(now);
    return new OrderBook(all, pause, pressed);
  }

  public OrderBook with(@Nullable Pause now) {
    return new OrderBook(handled, now, pressed);
  }

  public OrderBook withPressed(Handled now) {
    var all = new ArrayList<>(pressed);
    all.add(now);
    return new OrderBook(
        handled, pause, all.subList(Math.max(0, all.size() - MOST_PRESSED), all.size()));
  }

  /** What is kept of a value: whoever may annotate must not be able to fill the status. */
  public static String kept(String value) {
    if (value.length() <= OrderText.LONGEST) {
      return value;
    }
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
