package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes old files. Never a directory but an empty one that is regenerable, never what a symbolic
 * link leads to or another mount holds, nor what git tracks, nor what changed in the last 5 minutes
 * or is seen to be open for writing.
 *
 * @param paths Where, and which files there, at most 10.
 * @param keep Globs of what stays, at most 20: without a slash the name of a file or of a directory
 *     above it, with one the path from the root, where ** stands for any number of directories.
 * @param keepNewest So many of the newest files that each of the paths means stay, however old, 0
 *     to 100. Of what is regenerable none.
 */
@Wire
public record Cleanup(
    @Required @Size(min = 1, max = 10) List<Place> paths,
    @Size(max = 20) @ListSet List<@Pattern(Cleanup.KEEP) @Size(min = 1, max = 200) String> keep,
    @Default("3") @Min(0) @Max(100) Integer keepNewest) {

  /**
   * Directories of which a program makes another when it is missed. {@code *.pyc} is not among
   * them: outside {@code __pycache__} it may be all there is of a program.
   */
  public static final List<String> REGENERABLE =
      List.of("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache");

  private static final String REGENERABLE_IN_CEL =
      "['__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache']";

  private static final String LETTER = "[^/*?{}\\[\\]\\\\\\x00-\\x1f\\x7f]";
  private static final String NO_DOT = "[^./*?{}\\[\\]\\\\\\x00-\\x1f\\x7f]";

  /** Neither one dot nor two. */
  private static final String PART =
      "(" + NO_DOT + LETTER + "*|\\." + NO_DOT + LETTER + "*|\\.\\." + LETTER + "+)";

  /** The root itself, or directories below it. */
  public static final String PATH = "^(\\.|" + PART + "(/" + PART + ")*)$";

  /** A name with * and ?. */
  public static final String MATCH = "^[^/{}\\[\\]\\\\\\x00-\\x1f\\x7f]+$";

  /** The same, or such names with slashes between. */
  public static final String KEEP =
      "^[^/{}\\[\\]\\\\\\x00-\\x1f\\x7f]+(/[^/{}\\[\\]\\\\\\x00-\\x1f\\x7f]+)*$";

  public Cleanup {
    paths = List.copyOf(requireNonNullElse(paths, List.of()));
    keep = List.copyOf(requireNonNullElse(keep, List.of()));
    keepNewest = requireNonNullElse(keepNewest, 3);
  }

  /**
   * Files of a directory, and of those in it.
   *
   * @param path A directory, from the root on; a dot is the root itself. It has no .. and no
   *     wildcards.
   * @param match The names of the files, with * and ?; without it all of them, except at the root.
   *     Or __pycache__, .pytest_cache, .mypy_cache or .ruff_cache: directories of that name with
   *     all that is in them.
   * @param olderThan So long ago they must have changed last; required but for directories that are
   *     regenerable.
   */
  @Wire
  @ValidationRule(
      value =
          "has(self.olderThan) || (has(self.match) && self.match in " + REGENERABLE_IN_CEL + ")",
      message =
          "olderThan is required, but where match is __pycache__, .pytest_cache, .mypy_cache or"
              + " .ruff_cache",
      fieldPath = ".olderThan")
  @ValidationRule(
      value = "self.path != '.' || (has(self.match) && self.match.matches('[^*?.]'))",
      message = "at the root match must name something, as *.log does: everything is never deleted",
      fieldPath = ".match")
  public record Place(
      @Required @Pattern(PATH) @Size(min = 1, max = 255) String path,
      @Pattern(MATCH) @Size(min = 1, max = 100) @Nullable String match,
      @GoDurationText
          @ValidationRule(
              value = "duration(self) > duration('0s')",
              message = "olderThan must be greater than 0s")
          @Nullable Duration olderThan) {

    @JsonIgnore
    public boolean isRegenerable() {
      return match != null && REGENERABLE.contains(match);
    }

    /** As somebody would say which files these are. */
    @Override
    public String toString() {
      return (path.equals(".") ? "" : path + "/") + (match == null ? "" : match);
    }
  }
}
