package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where statuses are kept. There is one writer of a monitor's status, and it compares and sets. */
public interface StatusStore {

  /** The monitor as it is now, not as some cache has it; empty when it is gone. */
  Optional<HeartbeatMonitor> read(MonitorKey key) throws Unavailable;

  /** It is not there any more, or another one under its name is. */
  default boolean isDeleted(HeartbeatMonitor monitor) throws Unavailable {
    return read(MonitorKey.of(monitor))
        .filter(it -> it.getMetadata().getUid().equals(monitor.getMetadata().getUid()))
        .isEmpty();
  }

  /**
   * Replaces the whole status.
   *
   * @param decidedOn the very object the status was decided on
   * @return the monitor as stored, to decide and write on
   * @throws Conflict somebody wrote since; nothing was stored
   * @throws Unavailable whether it was stored is not known
   */
  HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status)
      throws Conflict, Unavailable;

  /** Somebody wrote since the object was read, or it is gone. */
  final class Conflict extends Exception {
    private static final long serialVersionUID = 1;

    public Conflict(String message) {
      super(message);
    }
  }

  /** The store does not answer, or refuses. */
  final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
