package io.nexus.heartbeat.decide;

import static java.util.stream.Collectors.joining;

import io.nexus.heartbeat.api.RepairWindow;
import io.nexus.heartbeat.decide.Gates.Closed;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The gate of time: where windows are declared, repair acts in them only. */
final class Windows {
  private Windows() {}

  static Optional<Closed> closed(List<RepairWindow> windows, Instant now) {
    try {
      if (windows.isEmpty() || windows.stream().anyMatch(window -> window.read().isOpen(now))) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException e) {
      return Optional.of(new Closed("window", String.valueOf(e.getMessage())));
    }
    var names = windows.stream().map(RepairWindow::name).collect(joining(", "));
    return Optional.of(
        new Closed(
            "window",
            "repair may act only in %s, %s"
                .formatted(
                    names,
                    nextOpening(windows, now)
                        .map(at -> "next from " + Words.of(at))
                        .orElse("which does not come again"))));
  }

  /** When the next opens, though one be open now. */
  static Optional<Instant> nextOpening(List<RepairWindow> windows, Instant now) {
    try {
      return windows.stream()
          .flatMap(window -> window.read().nextOpening(now).stream())
          .min(Comparator.naturalOrder());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
