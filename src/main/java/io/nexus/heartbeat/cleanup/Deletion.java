package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.FileStatus;
import io.nexus.heartbeat.posix.SystemFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Judges each file, and deletes it, or says that it would. */
final class Deletion implements Visitor {
  /** Who writes a file seldom leaves it alone for longer. */
  static final Duration WRITING = Duration.ofMinutes(5);

  private final Plan plan;
  private final Newest newest;
  private final Writers writers;
  private final Instant now;
  private final boolean dryRun;
  private final Cleaner.Listener listener;
  private final Tally tally = new Tally();

  Deletion(
      Plan plan,
      Newest newest,
      Writers writers,
      Instant now,
      boolean dryRun,
      Cleaner.Listener listener) {
    this.plan = plan;
    this.newest = newest;
    this.writers = writers;
    this.now = now;
    this.dryRun = dryRun;
    this.listener = listener;
  }

  Tally tally() {
    return tally;
  }

  @Override
  public boolean file(Level level, byte[] name, FileStatus status, long asked) {
    var path = level.path(name);
    var spared = spared(level, name, path, status, asked);
    if (spared.isPresent()) {
      tally.spared(path, spared.get());
      return false;
    }
    if (!isGone(path, () -> level.directory().unlink(name))) {
      return false;
    }
    listener.deleted(Shown.text(path), tally.deleted(status));
    return true;
  }

  @Override
  public boolean emptied(Level parent, byte[] name, FileStatus status, long asked) {
    var path = parent.path(name);
    var age = age(status, asked);
    if (age.isPresent()) {
      tally.spared(path, age.get());
      return false;
    }
    if (!isGone(path, () -> parent.directory().removeDirectory(name))) {
      return false;
    }
    tally.emptied();
    listener.deleted(Shown.text(path) + "/", 0);
    return true;
  }

  @Override
  public void spared(byte[] path, Spared why) {
    tally.spared(path, why);
  }

  @Override
  public void remark(byte[] path, String words) {
    tally.remark(path, words);
  }

  @Override
  public void failed(byte[] path, IOException failure) {
    tally.failed(path, failure);
  }

  private Optional<Spared> spared(
      Level level, byte[] name, byte[] path, FileStatus status, long asked) {
    if (plan.keeps(Walk.text(name), Walk.text(path))) {
      return Optional.of(Spared.Kept);
    }
    if (level.isTracked(path)) {
      return Optional.of(Spared.Tracked);
    }
    var age = age(status, asked);
    if (age.isPresent()) {
      return age;
    }
    if (newest.contains(status)) {
      return Optional.of(Spared.Newest);
    }
    return writers.have(status) ? Optional.of(Spared.OpenForWriting) : Optional.empty();
  }

  private Optional<Spared> age(FileStatus status, long asked) {
    var isOldEnough = false;
    for (var i = 0; i < plan.selections().size(); i++) {
      isOldEnough |=
          (asked & 1L << i) != 0
              && status.modified().isBefore(now.minus(plan.selections().get(i).olderThan()));
    }
    if (!isOldEnough) {
      return Optional.of(Spared.Young);
    }
    return status.modified().isAfter(now.minus(WRITING))
        ? Optional.of(Spared.Recent)
        : Optional.empty();
  }

  @FunctionalInterface
  private interface Removal {
    void run() throws IOException;
  }

  private boolean isGone(byte[] path, Removal removal) {
    if (dryRun) {
      return true;
    }
    try {
      removal.run();
      return true;
    } catch (SystemFailure e) {
      switch (e.number()) {
        case SystemFailure.ENOENT -> {} // somebody else deleted it, so that we freed nothing
        case SystemFailure.ENOTEMPTY -> tally.spared(path, Spared.Changed);
        default -> tally.failed(path, e);
      }
    } catch (IOException e) {
      tally.failed(path, e);
    }
    return false;
  }
}
