package io.nexus.heartbeat.cleanup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.Cleanup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be deleted, every rule of which was looked at here again: who runs a cleanup need not
 * have sent it through an API server.
 */
public final class Plan {
  private static final Pattern PATH = Pattern.compile(Cleanup.PATH);
  private static final Pattern MATCH = Pattern.compile(Cleanup.MATCH);
  private static final Pattern KEEP = Pattern.compile(Cleanup.KEEP);
  private static final Pattern NAMES_SOMETHING = Pattern.compile("[^*?.]");

  /** As many as there are bits in a mask of them. */
  private static final int MOST = 64;

  private final List<Selection> selections;
  private final List<Glob> keep;
  private final int keepNewest;

  private Plan(List<Selection> selections, List<Glob> keep, int keepNewest) {
    this.selections = List.copyOf(selections);
    this.keep = List.copyOf(keep);
    this.keepNewest = keepNewest;
  }

  /**
   * Files below a directory.
   *
   * @param raw the directory's path, from the root on; empty is the root
   * @param parts the same
   * @param regenerable the name of directories that are deleted with all that is in them
   * @param match names of files
   */
  record Selection(
      byte[] raw,
      List<String> parts,
      @Nullable String regenerable,
      @Nullable Glob match,
      Duration olderThan) {

    /** Of a file, by its name; what is regenerable is asked for by its directory's. */
    boolean matches(String name) {
      return regenerable == null && (match == null || match.matches(name));
    }

    boolean isBelow(Selection other) {
      return parts.size() >= other.parts.size()
          && parts.subList(0, other.parts.size()).equals(other.parts);
    }
  }

  /**
   * @throws BadPlan what is wrong with it, in words
   */
  public static Plan of(Cleanup wanted) throws BadPlan {
    if (wanted.paths().isEmpty() || wanted.paths().size() > MOST) {
      throw new BadPlan(
          "1 to " + MOST + " paths are needed, and there are " + wanted.paths().size());
    }
    var selections = new ArrayList<Selection>();
    for (var place : wanted.paths()) {
      selections.add(selection(place));
    }
    var keep = new ArrayList<Glob>();
    for (var glob : wanted.keep()) {
      if (!KEEP.matcher(glob).matches()) {
        throw new BadPlan(
            quoted(glob) + " is not a glob of what stays; right would be *.pid or a/**");
      }
      keep.add(new Glob(glob));
    }
    if (wanted.keepNewest() < 0 || wanted.keepNewest() > 10_000) {
      throw new BadPlan(wanted.keepNewest() + " newest files cannot be kept; 0 to 10000 can");
    }
    return new Plan(selections, keep, wanted.keepNewest());
  }

  private static Selection selection(Cleanup.Place place) throws BadPlan {
    var path = place.path();
    var match = place.match();
    if (path == null || !PATH.matcher(path).matches()) {
      throw new BadPlan(
          quoted(String.valueOf(path))
              + " is not a path below the root; right would be logs or data/reports, without .., a"
              + " slash at either end or wildcards, or . for the root itself");
    }
    if (match != null && !MATCH.matcher(match).matches()) {
      throw new BadPlan(quoted(match) + " does not match names; right would be *.log");
    }
    if (path.equals(".") && (match == null || !NAMES_SOMETHING.matcher(match).find())) {
      throw new BadPlan(
          "at the root match must name something, as *.log does: everything is never deleted");
    }
    if (List.of(path.split("/", -1)).contains(".git")) {
      throw new BadPlan(path + ": nothing is deleted in a .git");
    }
    var olderThan = place.olderThan();
    if (olderThan == null && !place.isRegenerable()) {
      throw new BadPlan(
          path
              + ": olderThan is required, but where match is one of "
              + String.join(", ", Cleanup.REGENERABLE));
    }
    if (olderThan != null && (olderThan.isNegative() || olderThan.isZero())) {
      throw new BadPlan(path + ": olderThan must be greater than 0s");
    }
    return new Selection(
        path.equals(".") ? new byte[0] : path.getBytes(UTF_8),
        path.equals(".") ? List.of() : List.of(path.split("/", -1)),
        place.isRegenerable() ? match : null,
        match == null || place.isRegenerable() ? null : new Glob(match),
        olderThan == null ? Duration.ZERO : olderThan);
  }

  List<Selection> selections() {
    return selections;
  }

  int keepNewest() {
    return keepNewest;
  }

  /**
   * @param name of a file, or of a directory that holds what is then kept with it
   * @param path the same, from the root on
   */
  boolean keeps(String name, String path) {
    return keep.stream().anyMatch(glob -> glob.matches(glob.isOfPath() ? path : name));
  }

  private static String quoted(String text) {
    return "'" + Shown.text(text) + "'";
  }
}
