package io.nexus.heartbeat.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.decide.SharedExpenses;
import io.nexus.heartbeat.decide.SharedExpenses.Expense;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.engine.SharedBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the monitors of a host have spent, in a file beside their state, so that a process that is
 * started anew each minute does not begin from nothing. A line for each act: when, for which
 * namespace, its id. Nobody else writes it, for the directory is held.
 */
final class HostBudget implements SharedBudget {
  private final Path file;
  private final Shares shares;
  private final InstantSource clock;

  HostBudget(Path file, Shares shares, InstantSource clock) {
    this.file = file;
    this.shares = shares;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<String> closed(String namespace) {
    try {
      return read().closed(shares, namespace, clock.instant());
    } catch (IOException e) {
      return Optional.of(file + " cannot be read: " + DurableFile.words(e));
    }
  }

  @Override
  public synchronized Optional<String> spend(String namespace, String action) {
    try {
      var before = read();
      if (before.has(action)) {
        return Optional.empty();
      }
      var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      var why = before.closed(shares, namespace, now);
      if (why.isEmpty()) {
        DurableFile.replace(
            file,
            written(before.with(new Expense(action, namespace, now), shares)).getBytes(UTF_8));
      }
      return why;
    } catch (IOException e) {
      return Optional.of(file + " cannot be written: " + DurableFile.words(e));
    }
  }

  private static String written(SharedExpenses expenses) {
    return expenses.spent().stream()
        .map(e -> e.at() + " " + e.namespace() + " " + e.action() + "\n")
        .collect(Collectors.joining());
  }

  private SharedExpenses read() throws IOException {
    var spent = new ArrayList<Expense>();
    try {
      for (var line : Files.readAllLines(file, UTF_8)) {
        var parts = line.split(" ", -1);
        spent.add(new Expense(parts[2], parts[1], Instant.parse(parts[0])));
      }
      return new SharedExpenses(spent);
    } catch (NoSuchFileException _) {
      return SharedExpenses.NONE;
    } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
      throw new IOException(
          "line " + (spent.size() + 1) + " is not what heartbeat wrote; remove it", e);
    }
  }
}
