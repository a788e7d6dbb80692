package io.nexus.heartbeat.cleanup;

import io.nexus.heartbeat.posix.FileStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/** The newest files of each selection, and no more of them in memory than are kept. */
final class Newest implements Visitor {
  private final Plan plan;
  private final List<PriorityQueue<Known>> newest;
  private final Set<Identity> all = new HashSet<>();

  /** A file, whatever its name is. */
  record Identity(long device, long inode) {
    static Identity of(FileStatus status) {
      return new Identity(status.device(), status.inode());
    }
  }

  private record Known(Instant modified, Identity file) {
    static final Comparator<Known> OLDEST_FIRST =
        Comparator.comparing(Known::modified).thenComparing(known -> known.file().inode());
  }

  Newest(Plan plan) {
    this.plan = plan;
    newest =
        Stream.generate(() -> new PriorityQueue<>(Known.OLDEST_FIRST))
            .limit(plan.selections().size())
            .toList();
  }

  /** What is regenerable needs no newest. */
  boolean isNeeded() {
    return plan.keepNewest() > 0
        && plan.selections().stream().anyMatch(selection -> selection.regenerable() == null);
  }

  boolean contains(FileStatus file) {
    return all.contains(Identity.of(file));
  }

  /** When all were seen. */
  void settle() {
    newest.forEach(queue -> queue.forEach(known -> all.add(known.file())));
  }

  @Override
  public boolean file(Level level, byte[] name, FileStatus status, long asked) {
    var path = level.path(name);
    if (plan.keeps(Walk.text(name), Walk.text(path)) || level.isTracked(path)) {
      return false; // it stays anyway, and should not take the place of another
    }
    var known = new Known(status.modified(), Identity.of(status));
    for (var i = 0; i < newest.size(); i++) {
      if ((asked & 1L << i) != 0 && plan.selections().get(i).regenerable() == null) {
        offer(newest.get(i), known);
      }
    }
    return false;
  }

  private void offer(PriorityQueue<Known> queue, Known known) {
    if (isAmongThem(queue, known) && !queue.contains(known)) {
      queue.add(known);
      if (queue.size() > plan.keepNewest()) {
        queue.remove();
      }
    }
  }

  private boolean isAmongThem(PriorityQueue<Known> queue, Known known) {
    var oldest = queue.peek();
    return oldest == null
        || queue.size() < plan.keepNewest()
        || Known.OLDEST_FIRST.compare(known, oldest) > 0;
  }
}
