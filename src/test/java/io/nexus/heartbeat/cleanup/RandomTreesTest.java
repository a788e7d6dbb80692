package io.nexus.heartbeat.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Cleanup;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Of random trees, what must go goes and nothing else: nothing outside, nothing younger, nothing
 * kept. What must go is found here by another way, which has all of the tree in memory.
 */
class RandomTreesTest {

  /** A file, or a symbolic link to where it must not lead. */
  private record Entry(List<String> path, boolean isLink, Duration age) {
    String text() {
      return String.join("/", path);
    }
  }

  private record Case(List<Entry> entries, Cleanup cleanup) {}

  private static final List<String> DIRECTORIES =
      List.of("logs", "reports", "a", "__pycache__", "..b", "kept");

  @Provide
  Arbitrary<Case> cases() {
    var names = Arbitraries.of("x.log", "y.log", "z.txt", "kept.log", "n\nl.log");
    var path =
        Combinators.combine(Arbitraries.of(DIRECTORIES).list().ofMaxSize(3), names)
            .as(
                (directories, name) -> {
                  var all = new ArrayList<>(directories);
                  all.add(name);
                  return List.copyOf(all);
                });
    var entry =
        Combinators.combine(
                path,
                Arbitraries.frequency(Tuple.of(6, false), Tuple.of(1, true)),
                Arbitraries.integers().between(1, 400).map(Duration::ofHours))
            .as(Entry::new);
    return Combinators.combine(entry.list().ofMinSize(1).ofMaxSize(25), cleanups()).as(Case::new);
  }

  private static Arbitrary<Cleanup> cleanups() {
    var paths = Arbitraries.of(".", "logs", "reports", "a", "logs/a", "..b", "nowhere");
    var matches = Arbitraries.of("*.log", "x*", "?.*", "__pycache__").injectNull(0.2);
    var ages = Arbitraries.of(24, 168, 300);
    var place =
        Combinators.combine(paths, matches, ages)
            .as(
                (path, match, age) ->
                    new Cleanup.Place(
                        path,
                        path.equals(".") && (match == null || match.equals("?.*"))
                            ? "*.log"
                            : match,
                        Duration.ofHours(age)));
    return Combinators.combine(
            place.list().ofMinSize(1).ofMaxSize(3),
            Arbitraries.of("kept*", "logs/x.log", "a/**", "..b").set().ofMaxSize(2),
            Arbitraries.integers().between(0, 2))
        .as((places, keep, newest) -> new Cleanup(places, List.copyOf(keep), newest));
  }

  @Property(tries = 150)
  void whatMustGoGoesAndNothingElse(@ForAll("cases") Case given) throws Exception {
    var directory = Files.createTempDirectory("random-tree");
    try {
      var tree = new Tree(Files.createDirectory(directory.resolve("root")));
      var outside = Files.createDirectory(directory.resolve("outside"));
      Tree.file(outside.resolve("x.log"), Tree.OLD);
      Tree.file(outside.resolve("__pycache__/x.log"), Tree.OLD);
      var files = plant(given, tree, outside);
      var expected = expected(files, given.cleanup());
      var before = Tree.left(tree.root());

      tree.clean(given.cleanup(), true);
      var named = new TreeSet<>(tree.told);
      assertThat(Tree.left(tree.root())).as("a dry run deletes nothing").isEqualTo(before);

      tree.clean(given.cleanup(), false);
      assertThat(new TreeSet<>(tree.told)).as("what was named goes").isEqualTo(named);
      var gone = new TreeSet<>(before);
      Tree.left(tree.root()).forEach(gone::remove);
      gone.removeIf(path -> !files.containsKey(path)); // regenerable directories
      assertThat(gone).isEqualTo(expected);
      assertThat(Tree.left(outside)).containsExactly("__pycache__", "__pycache__/x.log", "x.log");
    } finally {
      delete(directory);
    }
  }

  /** What could be planted, by path. */
  private static Map<String, Entry> plant(Case given, Tree tree, Path outside) throws IOException {
    var files = new LinkedHashMap<String, Entry>();
    for (var entry : given.entries()) {
      var at = tree.at(entry.text());
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS) || isBelowALink(tree, at)) {
        continue;
      }
      if (entry.isLink()) {
        // In place of its directory where that is free, so that names below would lead out.
        var link = entry.path().size() > 1 && !Files.exists(at.getParent()) ? at.getParent() : at;
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.equals(at) ? outside.resolve("x.log") : outside);
      } else {
        // No two are of one age, so that it is told which is the newest.
        var age = entry.age().plusSeconds(files.size());
        Tree.file(at, age);
        files.put(entry.text(), new Entry(entry.path(), false, age));
      }
    }
    try (var all = Files.walk(tree.root())) {
      for (var made : all.filter(Files::isDirectory).toList()) {
        Tree.aged(made, Tree.OLD);
      }
    }
    return files;
  }

  private static boolean isBelowALink(Tree tree, Path at) {
    for (var above = at.getParent(); !above.equals(tree.root()); above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> expected(Map<String, Entry> files, Cleanup cleanup) {
    var newest = new HashSet<String>();
    for (var place : cleanup.paths()) {
      if (!place.isRegenerable()) {
        files.values().stream()
            .filter(file -> isMeant(file, place) && !isKept(file, cleanup))
            .sorted(Comparator.comparing(Entry::age))
            .limit(cleanup.keepNewest())
            .forEach(file -> newest.add(file.text()));
      }
    }
    var expected = new TreeSet<String>();
    for (var file : files.values()) {
      var isOld =
          cleanup.paths().stream()
              .anyMatch(
                  place -> isMeant(file, place) && file.age().compareTo(place.olderThan()) > 0);
      if (isOld && !isKept(file, cleanup) && !newest.contains(file.text())) {
        expected.add(file.text());
      }
    }
    return expected;
  }

  private static boolean isMeant(Entry file, Cleanup.Place place) {
    var below = place.path().equals(".") ? List.<String>of() : List.of(place.path().split("/"));
    var directories = file.path().subList(0, file.path().size() - 1);
    if (directories.size() < below.size() || !directories.subList(0, below.size()).equals(below)) {
      return false;
    }
    return place.isRegenerable()
        ? directories.subList(below.size(), directories.size()).contains(place.match())
        : place.match() == null || matches(place.match(), file.path().getLast());
  }

  private static boolean isKept(Entry file, Cleanup cleanup) {
    for (var i = 1; i <= file.path().size(); i++) {
      var part = file.path().get(i - 1);
      var path = String.join("/", file.path().subList(0, i));
      for (var keep : cleanup.keep()) {
        if (matches(keep, keep.contains("/") ? path : part)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean matches(@Nullable String glob, String text) {
    var line = text.replace('\n', '_'); // which Java's ** does not match
    return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(line));
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
