package io.nexus.heartbeat.standalone.repair;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.standalone.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acts that were begun on this machine, and how they ended. That an act is in here, before it
 * is begun, is why it is done once, whoever is killed when. What cannot be read is not begun anew:
 * then nothing is done until a person has seen to it.
 */
final class Journal {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  static final String FILE = "acts.json";

  /** Whatever the number of subjects; what is dropped is days old. */
  static final int MOST = 200;

  private final Path file;
  private final ObjectMapper json;
  private List<Entry> entries = List.of();

  /** Why nothing may be done; null: it may. */
  private final @Nullable String unusable;

  /** Its message says what to do. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private record Content(List<Entry> acts) {}

  /**
   * @param directory which nobody else writes into
   */
  Journal(Path directory, ObjectMapper json) {
    this.file = directory.resolve(FILE);
    this.json = json;
    this.unusable = read();
  }

  private @Nullable String read() {
    try {
      var content = json.readValue(Files.readAllBytes(file), Content.class);
      if (content == null
          || content.acts() == null
          || !content.acts().stream().allMatch(this::isWhole)) {
        return foreign("it lacks acts, or what an act is known by");
      }
      entries = List.copyOf(content.acts());
      return null;
    } catch (NoSuchFileException _) {
      return null;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      return foreign(
          at == null
              ? "no JSON"
              : "no JSON of its form at line " + at.getLineNr() + ", column " + at.getColumnNr());
    } catch (IOException e) {
      return file + " cannot be read: " + DurableFile.words(e) + "; nothing is done without it";
    }
  }

  private boolean isWhole(@Nullable Entry entry) {
    return entry != null
        && entry.id() != null
        && entry.subject() != null
        && entry.state() != null
        && entry.at() != null;
  }

  private String foreign(String why) {
    return "%s is not what heartbeat wrote: %s. Nothing is done until it is moved away; what was under way may be done twice then"
        .formatted(file, why);
  }

  /** What is known of a subject; of the plan, if one is asked for, whenever it was. */
  synchronized Standing of(Subject subject, @Nullable String plan) throws Unusable {
    if (unusable != null) {
      throw new Unusable(unusable, null);
    }
    var those = entries.stream().filter(it -> it.subject().equals(subject)).toList();
    var done = those.stream().filter(Entry::wasDone).toList();
    return new Standing(
        those.stream().mapToLong(Entry::sequence).max().orElse(0),
        done.stream().max(Comparator.comparingLong(Entry::sequence)).orElse(null),
        done.stream().filter(it -> it.id().equals(plan)).findFirst().orElse(null));
  }

  /** It is on the disk when this returns, and not valid when this throws. */
  synchronized void add(Entry entry) throws Unusable {
    var next = new ArrayList<>(entries);
    next.removeIf(it -> it.id().equals(entry.id()));
    next.add(entry);
    shorten(next);
    write(next);
    entries = List.copyOf(next);
  }

  /** What came of it since. Where that cannot be written down, this process knows it at least. */
  synchronized void update(String id, UnaryOperator<Entry> change) {
    entries = entries.stream().map(it -> it.id().equals(id) ? change.apply(it) : it).toList();
    try {
      write(entries);
    } catch (Unusable e) {
      log.error("{}; after a restart it is not known how {} ended", e.getMessage(), id);
    }
  }

  private void write(List<Entry> next) throws Unusable {
    try {
      DurableFile.replace(
          file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Content(next)));
    } catch (IOException e) {
      throw new Unusable("cannot write " + file + ": " + DurableFile.words(e), e);
    }
  }

  /** The oldest go, and at last also those that say how far their subject is. */
  private static void shorten(List<Entry> all) {
    while (all.size() > MOST) {
      var dropped =
          all.stream()
              .filter(it -> it.state() == Entry.State.Ended && isFollowed(it, all))
              .findFirst()
              .orElse(Objects.requireNonNull(all.getFirst()));
      all.remove(dropped);
    }
  }

  private static boolean isFollowed(Entry entry, List<Entry> all) {
    return all.stream()
        .anyMatch(it -> it.subject().equals(entry.subject()) && it.sequence() > entry.sequence());
  }
}
