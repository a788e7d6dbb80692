package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Cleanup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the owner of a volume allows to be deleted on it, by a label and an annotation of the
 * PersistentVolumeClaim. Without both, nothing.
 */
public final class CleanupConsent {
  /** {@code allowed} allows it. */
  public static final String LABEL = "heartbeat.nexus.io/cleanup";

  /** Directories with commas between, from the volume's root on; a dot is all of it. */
  public static final String PATHS = "heartbeat.nexus.io/cleanup-paths";

  private static final String ALLOWED = "allowed";
  private static final Pattern PATH = Pattern.compile(Cleanup.PATH);

  private CleanupConsent() {}

  /**
   * Empty when all of the cleanup's paths are among those that were allowed, or below them.
   * Compared are whole names: who allows {@code logs} does not allow {@code logs-of-others}.
   *
   * @param claim its name, for the words
   * @return why not, and what its owner would have to do
   */
  public static Optional<String> refusal(
      Cleanup cleanup, String claim, Map<String, String> labels, Map<String, String> annotations) {
    if (!ALLOWED.equals(labels.get(LABEL))) {
      return Optional.of(
          "nobody allowed a cleanup: kubectl label pvc/%s %s=%s".formatted(claim, LABEL, ALLOWED));
    }
    var listed = annotations.get(PATHS);
    if (listed == null || listed.isBlank()) {
      return Optional.of(
          "nobody said which directories may be cleaned: kubectl annotate pvc/%s %s=%s"
              .formatted(claim, PATHS, wanted(cleanup)));
    }
    var allowed = new ArrayList<List<String>>();
    for (var entry : listed.split(",", -1)) {
      var path = trimmed(entry);
      if (!PATH.matcher(path).matches()) {
        return Optional.of(
            "the annotation %s of pvc/%s has an entry that is no path from the volume's root on;"
                    .formatted(PATHS, claim)
                + " right would be logs,data/reports");
      }
      allowed.add(parts(path));
    }
    return cleanup.paths().stream()
        .map(Cleanup.Place::path)
        .filter(path -> allowed.stream().noneMatch(parent -> isBelow(parts(path), parent)))
        .findFirst()
        .map(
            path ->
                "%s may not be cleaned: the annotation %s of pvc/%s allows only %s"
                    .formatted(
                        path.equals(".") ? "the volume's root" : "'" + path + "'",
                        PATHS,
                        claim,
                        shortened(listed)));
  }

  private static String wanted(Cleanup cleanup) {
    return String.join(",", cleanup.paths().stream().map(Cleanup.Place::path).distinct().toList());
  }

  private static String trimmed(String entry) {
    var path = entry.strip();
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static List<String> parts(String path) {
    return path.equals(".") ? List.of() : Arrays.asList(path.split("/", -1));
  }

  private static boolean isBelow(List<String> path, List<String> parent) {
    return path.size() >= parent.size() && path.subList(0, parent.size()).equals(parent);
  }

  private static String shortened(String listed) {
    return listed.length() <= 200 ? listed : listed.substring(0, 199) + "…";
  }
}
