package io.nexus.heartbeat.cleanup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.Cleanup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A tree of files of known ages, and what is deleted of it. */
final class Tree {
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final Duration OLD = Duration.ofHours(1000);
  static final Duration WEEK = Duration.ofHours(168);

  private final Path root;

  /** What the listener was told, in order. */
  final List<String> told = new ArrayList<>();

  Tree(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  Path at(String path) {
    return root.resolve(path);
  }

  Path file(String path) {
    return file(path, OLD);
  }

  Path file(String path, Duration age) {
    return file(root.resolve(path), age);
  }

  static Path file(Path file, Duration age) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "some text\n", UTF_8);
      return aged(file, age);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path aged(Path file, Duration age) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
  }

  static Cleanup.Place place(String path, @Nullable String match, @Nullable Duration olderThan) {
    return new Cleanup.Place(path, match, olderThan);
  }

  static Cleanup none(Cleanup.Place... places) {
    return new Cleanup(List.of(places), List.of(), 0);
  }

  Result clean(Cleanup.Place... places) throws Exception {
    return clean(none(places), false);
  }

  Result dry(Cleanup.Place... places) throws Exception {
    return clean(none(places), true);
  }

  Result clean(Cleanup cleanup, boolean dryRun) throws Exception {
    return clean(cleanup, dryRun, InstantSource.fixed(NOW), (path, _) -> told.add(path));
  }

  Result clean(Cleanup cleanup, boolean dryRun, InstantSource clock, Cleaner.Listener listener)
      throws Exception {
    told.clear();
    return new Cleaner(clock)
        .clean(root, Plan.of(cleanup), Duration.ofMinutes(10), dryRun, listener);
  }

  /** All there is, but not the root. */
  List<String> left() throws IOException {
    return left(root);
  }

  static List<String> left(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !path.equals(root))
          .map(path -> root.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
