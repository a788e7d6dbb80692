package io.nexus.heartbeat.cleanup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cleanup did, or would do. All of it is bounded.
 *
 * @param dryRun nothing was deleted; files, directories and bytes are those that would be
 * @param cutOff time was up before all was looked at
 * @param bytes what the deleted files took on the disk, of those that had no other name
 * @param linked deleted names of files that have others, of which nothing is freed
 * @param percentBefore how full the file system was, as df counts
 * @param freed by how much more the file system has free, whoever else wrote or deleted meanwhile;
 *     none of a dry run
 * @param spared what was asked for and is still there, by why
 * @param failed what could not be looked at or deleted, by what the system said
 * @param remarks at most 10
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Result(
    boolean dryRun,
    boolean cutOff,
    long files,
    long directories,
    long bytes,
    long linked,
    double percentBefore,
    double percentAfter,
    @Nullable Long freed,
    Map<Spared, Long> spared,
    Map<String, Long> failed,
    StillOpen stillOpen,
    List<String> remarks) {

  public Result {
    spared = Map.copyOf(spared == null ? Map.of() : spared);
    failed = Map.copyOf(failed == null ? Map.of() : failed);
    remarks = List.copyOf(remarks == null ? List.of() : remarks);
    stillOpen = stillOpen == null ? new StillOpen(false, 0, 0, List.of()) : stillOpen;
  }

  /** The same with so few remarks. */
  public Result withRemarks(int most) {
    return new Result(
        dryRun,
        cutOff,
        files,
        directories,
        bytes,
        linked,
        percentBefore,
        percentAfter,
        freed,
        spared,
        failed,
        stillOpen,
        remarks.subList(0, most));
  }

  /** In one line, as {@code deleted 12 files (1.2 GiB), 96% → 71% full}. */
  public String summary() {
    return (dryRun ? "would delete " : "deleted ")
        + count(files, "file", "files")
        + (directories == 0 ? "" : " and " + count(directories, "directory", "directories"))
        + " ("
        + Bytes.words(bytes)
        + ")"
        + (dryRun
            ? String.format(Locale.ROOT, ", %.0f%% full", percentBefore)
            : String.format(Locale.ROOT, ", %.0f%% → %.0f%% full", percentBefore, percentAfter))
        + (cutOff ? ", and time was up before all was looked at" : "")
        + (failed.isEmpty() ? "" : ", could not delete or look at " + failures());
  }

  private long failures() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String count(long number, String one, String several) {
    return number + " " + (number == 1 ? one : several);
  }

  /** All that was asked for was looked at, and what should go went. */
  @JsonIgnore
  public boolean isWhole() {
    return !cutOff && failed.isEmpty();
  }
}
