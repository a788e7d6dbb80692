package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.FileStatus;
import io.nexus.heartbeat.posix.OpenFiles;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** Which files somebody has open for writing, as far as it can be seen from here. */
final class Writers {
  private static final Duration STALE = Duration.ofSeconds(10);

  private final InstantSource clock;
  private Set<Newest.Identity> written = Set.of();
  private Instant looked = Instant.MIN;
  private boolean areAllSeen;

  Writers(InstantSource clock) {
    this.clock = clock;
  }

  boolean have(FileStatus file) {
    var now = clock.instant();
    if (looked.plus(STALE).isBefore(now)) {
      look();
      looked = now;
    }
    return written.contains(Newest.Identity.of(file));
  }

  /** Every process could be looked into. */
  boolean areAllSeen() {
    return areAllSeen;
  }

  private void look() {
    var found = new HashSet<Newest.Identity>();
    areAllSeen =
        OpenFiles.each(
            open -> {
              if (open.status().links() > 0 && open.isForWriting()) {
                found.add(Newest.Identity.of(open.status()));
              }
            });
    written = found;
  }
}
