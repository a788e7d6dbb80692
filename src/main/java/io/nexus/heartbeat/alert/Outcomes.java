package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.decide.Words;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what came of each try, in the log and to the tally. */
final class Outcomes {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

  private final Tally tally;

  /** Why the last try failed, by monitor and receiver: the same is said once, not every second. */
  private final Map<String, String> said = new ConcurrentHashMap<>();

  Outcomes(Tally tally) {
    this.tally = tally;
  }

  /** How a delay is spoken of: a warning once, not with each try. */
  enum Delay {
    /** Most likely nobody will ever notice. */
    Young,
    /** It has just become news. */
    News,
    /** It is known. */
    Known
  }

  void delivered(Notice notice, String kind, Duration waited, @Nullable String hint) {
    if (hint != null) {
      LOG.warn("{}: receiver {}: {}", notice.monitor(), notice.receiver(), hint);
    }
    said.remove(lane(notice));
    tally.delivered(kind, waited);
  }

  void willRetry(Notice notice, String kind, Duration waited, String why, Delay delay) {
    var monitor = notice.monitor();
    var receiver = notice.receiver();
    switch (delay) {
      case Young -> {
        if (!why.equals(said.put(lane(notice), why))) {
          LOG.info("{}: receiver {} is tried on: {}", monitor, receiver, why);
        }
      }
      case Known -> LOG.debug("{}: receiver {}: will retry: {}", monitor, receiver, why);
      case News ->
          LOG.warn(
              "{}: receiver {} could not be told about incident {} for {}, and is tried on: {}",
              monitor,
              receiver,
              notice.shortId(),
              Words.of(waited),
              why);
    }
    tally.retried(kind);
  }

  private static String lane(Notice notice) {
    return notice.monitor() + " " + notice.receiver();
  }

  void dead(Notice notice, String kind, String why) {
    LOG.warn(
        "{}: receiver {} is not told about incident {}: {}",
        notice.monitor(),
        notice.receiver(),
        notice.shortId(),
        why);
    said.remove(lane(notice));
    tally.dead(kind);
  }
}
