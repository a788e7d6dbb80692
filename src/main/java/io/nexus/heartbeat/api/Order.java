package io.nexus.heartbeat.api;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person may order of a monitor, by an annotation on it or by a command. Of several that are
 * new at once and do not say when they were given, these come first: pausing is the last word.
 */
public enum Order {
  /** Repair may act again. */
  Resume("resume"),
  /** Nothing is repaired, for a while or until it is resumed. */
  Pause("pause"),
  /** Somebody knows of an incident and takes care of it. */
  Ack("ack"),
  /** The repair of an incident begins anew. */
  Reset("reset"),
  /** Targets are checked at once. */
  RunNow("run-now"),
  /** A step that waits for a person is done. */
  Approve("approve");

  private final String word;

  Order(String word) {
    this.word = word;
  }

  /** What it is called on the command line and in annotations. */
  public String word() {
    return word;
  }

  /** The annotation that gives it. */
  public String annotation() {
    return HeartbeatMonitor.GROUP + "/" + word;
  }

  public static Optional<Order> named(String word) {
    return Arrays.stream(values()).filter(order -> order.word.equals(word)).findFirst();
  }

  /** The orders among annotations. */
  public static Map<Order, String> in(@Nullable Map<String, String> annotations) {
    var orders = new EnumMap<Order, String>(Order.class);
    if (annotations != null) {
      for (var order : List.of(values())) {
        var value = annotations.get(order.annotation());
        if (value != null) {
          orders.put(order, value);
        }
      }
    }
    return orders;
  }
}
