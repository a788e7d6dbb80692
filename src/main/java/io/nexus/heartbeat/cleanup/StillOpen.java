package io.nexus.heartbeat.cleanup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.nexus.heartbeat.posix.OpenFiles;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;

/**
 * Files of the file system that are deleted and take their space nevertheless, because somebody has
 * them open.
 *
 * @param seen false when not every process could be looked into, so that there may be more
 * @param holders those with the most of it first, at most 5
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StillOpen(boolean seen, long files, long bytes, List<Holder> holders) {
  private static final int MOST_HOLDERS = 5;

  public StillOpen {
    holders = List.copyOf(holders == null ? List.of() : holders);
  }

  /** A process that should close them, or be started again. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Holder(String program, long process, long files, long bytes) {
    private Holder and(Holder other) {
      return new Holder(program, process, files + other.files, bytes + other.bytes);
    }
  }

  static StillOpen on(long device) {
    var files = new HashSet<Long>();
    var holders = new TreeMap<Long, Holder>();
    var bytes = new long[1];
    var seen =
        OpenFiles.each(
            open -> {
              var status = open.status();
              if (status.links() > 0 || status.device() != device) {
                return;
              }
              if (files.add(status.inode())) {
                bytes[0] += status.allocated();
              }
              var one =
                  new Holder(Shown.text(open.program()), open.process(), 1, status.allocated());
              holders.merge(open.process(), one, Holder::and);
            });
    return new StillOpen(
        seen,
        files.size(),
        bytes[0],
        holders.values().stream()
            .sorted(Comparator.comparingLong(Holder::bytes).reversed())
            .limit(MOST_HOLDERS)
            .toList());
  }
}
