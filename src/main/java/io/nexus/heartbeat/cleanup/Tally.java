package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.FileStatus;
import io.nexus.heartbeat.posix.Space;
import io.nexus.heartbeat.posix.SystemFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts, and of names a few. */
final class Tally {
  private static final int MOST_REMARKS = 10;
  private static final int MOST_OF_A_KIND = 2;
  private static final int LONGEST_NAME = 100;

  private final Map<Spared, Long> spared = new EnumMap<>(Spared.class);
  private final Map<String, Long> failed = new TreeMap<>();
  private final List<String> remarks = new ArrayList<>();
  private long files;
  private long directories;
  private long bytes;
  private long linked;

  /**
   * @return what it freed
   */
  long deleted(FileStatus status) {
    files++;
    if (status.links() > 1) {
      linked++;
      return 0;
    }
    bytes += status.allocated();
    return status.allocated();
  }

  void emptied() {
    directories++;
  }

  void spared(byte[] path, Spared why) {
    var count = spared.merge(why, 1L, Long::sum);
    // Of what somebody may not expect the first are named; that a file is young is no surprise.
    if (count <= MOST_OF_A_KIND
        && switch (why) {
          case SymbolicLink, OtherMount, NotAFile, TooDeep, Changed -> true;
          default -> false;
        }) {
      remark(path, why.words());
    }
  }

  void failed(byte[] path, IOException failure) {
    var words =
        failure instanceof SystemFailure || failure.getMessage() == null
            ? String.valueOf(failure.getMessage())
            : Shown.text(failure.getMessage());
    // Nothing of a system has that many faults, and what is counted here is bounded.
    var kind = failed.size() < 10 || failed.containsKey(words) ? words : "other errors";
    if (failed.merge(kind, 1L, Long::sum) <= MOST_OF_A_KIND) {
      remark(path, words);
    }
  }

  void remark(byte[] path, String words) {
    if (remarks.size() < MOST_REMARKS) {
      var name = path.length == 0 ? "." : Shown.text(path, LONGEST_NAME);
      remarks.add(name + ": " + (words.length() <= 150 ? words : words.substring(0, 149) + "…"));
    }
  }

  Result result(boolean dryRun, boolean cutOff, Space before, Space after, StillOpen stillOpen) {
    return new Result(
        dryRun,
        cutOff,
        files,
        directories,
        bytes,
        linked,
        before.percent(),
        after.percent(),
        dryRun ? null : (long) (after.available() - before.available()),
        spared,
        failed,
        stillOpen,
        remarks);
  }
}
