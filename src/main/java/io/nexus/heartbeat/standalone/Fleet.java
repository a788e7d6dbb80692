package io.nexus.heartbeat.standalone;

import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.engine.MonitorKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The monitors that run, and how they become what is declared now. For one thread. */
public final class Fleet {
  private static final Logger log = LoggerFactory.getLogger(Fleet.class);

  private final StateDirectory state;
  private final Runner runner;
  private final Map<MonitorKey, Declared> running = new LinkedHashMap<>();

  /** Whose state is still to be taken away. */
  private final Set<MonitorKey> ended = new LinkedHashSet<>();

  public Fleet(StateDirectory state, Runner runner) {
    this.state = state;
    this.runner = runner;
  }

  /** Whose adoption changes the monitor, so this is what was declared. */
  private record Declared(Object spec, Object labels, Object annotations) {
    static Declared of(HeartbeatMonitor monitor) {
      var meta = monitor.getMetadata();
      return new Declared(
          monitor.getSpec(),
          Objects.requireNonNullElse(meta.getLabels(), Map.of()),
          Objects.requireNonNullElse(meta.getAnnotations(), Map.of()));
    }
  }

  /** What became of it, for people. */
  public record Change(List<MonitorKey> added, List<MonitorKey> changed, List<MonitorKey> removed) {
    @Override
    public String toString() {
      var words = new ArrayList<String>();
      say(words, added, "added");
      say(words, changed, "changed");
      say(words, removed, "removed");
      return words.isEmpty() ? "nothing is different" : String.join("; ", words);
    }

    private static void say(List<String> words, List<MonitorKey> keys, String what) {
      if (!keys.isEmpty()) {
        words.add(what + " " + String.join(", ", keys.stream().map(Object::toString).toList()));
      }
    }
  }

  /**
   * Those that are gone end, with a last word to whoever knows of their incidents; those that
   * changed go on with what is known of their unchanged targets; the others are not touched.
   *
   * @throws StateDirectory.Refused state did not take some of it, which is as it was or ended; to
   *     be tried again, when only that is done
   */
  public Change apply(List<HeartbeatMonitor> declared) throws StateDirectory.Refused {
    var wanted = new HashMap<MonitorKey, HeartbeatMonitor>();
    declared.forEach(monitor -> wanted.put(MonitorKey.of(monitor), monitor));
    var change = new Change(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (var key : List.copyOf(running.keySet())) {
      if (!wanted.containsKey(key)) {
        end(key);
        change.removed().add(key);
      }
    }
    for (var key : List.copyOf(ended)) {
      state.remove(key);
      ended.remove(key);
    }
    for (var monitor : declared) {
      var key = MonitorKey.of(monitor);
      var now = Declared.of(monitor);
      if (now.equals(running.get(key))) {
        continue;
      }
      ended.remove(key);
      runner.start(state.adopt(monitor));
      var before = running.put(key, now);
      (before == null ? change.added() : change.changed()).add(key);
    }
    return change;
  }

  /**
   * What an earlier process watched and nobody declares now ends as what is taken away while we
   * run.
   *
   * @return those that ended
   */
  public List<MonitorKey> endOthers(List<HeartbeatMonitor> declared) {
    var ended = new ArrayList<MonitorKey>();
    for (var kept : state.others(declared.stream().map(MonitorKey::of).collect(toSet()))) {
      var key = MonitorKey.of(kept);
      try {
        state.remove(key); // first: what stays would be told at each start
        runner.end(kept);
        ended.add(key);
      } catch (StateDirectory.Refused e) {
        log.warn("{} is declared no more, and is not ended: {}", key, e.getMessage());
      }
    }
    return ended;
  }

  /** A turn of one of them, soon. */
  public void wake(MonitorKey key) {
    runner.wake(key);
  }

  /** Those that run now. */
  public List<MonitorKey> keys() {
    return List.copyOf(running.keySet());
  }

  private void end(MonitorKey key) {
    runner.end(key);
    running.remove(key);
    ended.add(key);
  }
}
