package io.nexus.heartbeat.api;

import java.time.Duration;
import java.util.stream.Collectors;

/**
 * Deletes old files of a volume, or below a directory of a host.
 *
 * @param subject a PersistentVolumeClaim, or a Directory by its path
 */
public record Clean(Cleanup cleanup, Subject subject) implements Action {
  /** How long it may take to delete; what is left then stays. */
  public static final Duration DEADLINE = Duration.ofMinutes(10);

  /** And to begin: an image is pulled, a volume mounted. */
  public static final Duration TO_BEGIN = Duration.ofMinutes(3);

  public static final String CLAIM = "PersistentVolumeClaim";
  public static final String DIRECTORY = "Directory";

  private static final int MOST_PATHS = 3;

  /** What such a target measures is what is cleaned. */
  static Clean of(Cleanup cleanup, DiskTarget disk) {
    var claim = disk.persistentVolumeClaim();
    return new Clean(
        cleanup,
        claim == null
            ? new Subject(DIRECTORY, String.valueOf(disk.path()))
            : new Subject(CLAIM, claim.claimName()));
  }

  @Override
  public String words() {
    return "clean " + places() + " of " + where();
  }

  @Override
  public String past() {
    return "cleaned " + places() + " of " + where();
  }

  private String where() {
    return subject.kind().equals(DIRECTORY) ? subject.name() : subject.toString();
  }

  @Override
  public Duration effectWithin() {
    return DEADLINE.plus(TO_BEGIN).plusMinutes(2);
  }

  private String places() {
    var all = cleanup.paths();
    var first =
        all.stream()
            .limit(MOST_PATHS)
            .map(Cleanup.Place::toString)
            .collect(Collectors.joining(", "));
    return all.size() <= MOST_PATHS ? first : first + " and " + (all.size() - MOST_PATHS) + " more";
  }
}
