package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each notice as a line of the log: what Events are where there is no Kubernetes. */
public final class LogChannel implements Channel {
  private static final Logger LOG = LoggerFactory.getLogger(LogChannel.class);

  @Override
  public Answer send(Notice notice, Deadline deadline) {
    var line = MessageText.of(notice).line();
    if (notice.resolvedAt() == null
        && !MessageText.isUnwatched(notice)
        && notice.level().isAtLeast(Level.Degraded)) {
      LOG.warn("{}", line);
    } else {
      LOG.info("{}", line);
    }
    return new Answer.Delivered(null);
  }

  @Override
  public String destination() {
    return "log";
  }

  @Override
  public String kind() {
    return "log";
  }
}
