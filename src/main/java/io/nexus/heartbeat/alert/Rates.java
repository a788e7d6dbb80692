package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.alert.Channel.Limit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was sent lately, by what the providers count by. A message counts from when its sending
 * began, and then from when it ended: when the provider counted it lies somewhere between.
 */
final class Rates {
  private final Map<Limit, List<Sent>> windows = new HashMap<>();

  /** Counts one message; {@code at} moves on when its sending has ended. */
  static final class Sent {
    private final List<Limit> limits;
    private long at;

    private Sent(List<Limit> limits, long at) {
      this.limits = limits;
      this.at = at;
    }
  }

  /** The first moment from now on when one more message is allowed. */
  long freeAt(Collection<Limit> limits, long now) {
    var free = now;
    for (var limit : limits) {
      var sent = windows.getOrDefault(limit, List.of()).stream().mapToLong(s -> s.at).sorted();
      var latest = sent.filter(at -> isRecent(limit, at, now)).toArray();
      if (latest.length >= limit.messages()) {
        var leaves = latest[latest.length - limit.messages()] + limit.per().toNanos();
        free = Math.max(free, leaves);
      }
    }
    return free;
  }

  Sent begin(List<Limit> limits, long now) {
    var sent = new Sent(limits, now);
    limits.forEach(limit -> windows.computeIfAbsent(limit, _ -> new ArrayList<>()).add(sent));
    return sent;
  }

  void end(Sent sent, long now) {
    sent.at = now;
    for (var limit : sent.limits) {
      var window = windows.computeIfAbsent(limit, _ -> new ArrayList<>());
      if (!window.contains(sent)) {
        window.add(sent); // it took longer than the window and was forgotten meanwhile
      }
    }
    forgetOld(now);
  }

  private void forgetOld(long now) {
    windows.forEach((limit, window) -> window.removeIf(s -> !isRecent(limit, s.at, now)));
    windows.values().removeIf(List::isEmpty);
  }

  private static boolean isRecent(Limit limit, long at, long now) {
    return now - at < limit.per().toNanos();
  }
}
