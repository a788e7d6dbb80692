package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.decide.Allowance;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostBudgetTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Shares TWO =
      new Shares(new Allowance(2, Duration.ofHours(1)), new Allowance(2, Duration.ofHours(1)));

  @TempDir private Path directory;

  private HostBudget at(Instant now) {
    return new HostBudget(directory.resolve("budget"), TWO, InstantSource.fixed(now));
  }

  @Test
  void whatWasSpentIsKnownToTheNextProcessUntilItsTimeIsOver() {
    assertThat(at(NOW).closed("default")).isEmpty();
    assertThat(at(NOW).spend("default", "a1")).isEmpty();
    assertThat(at(NOW).spend("default", "a1")).isEmpty();
    assertThat(at(NOW.plusSeconds(60)).spend("default", "a2")).isEmpty();
    assertThat(at(NOW.plusSeconds(120)).spend("default", "a3"))
        .contains("of the installation, 2 of 2 acts in 1 h are spent, until 2026-11-24T13:00:00Z");
    assertThat(at(NOW.plusSeconds(3_600)).spend("default", "a3")).isEmpty();
  }

  @Test
  void whatCannotBeReadOrWrittenIsClosed() throws IOException {
    Files.writeString(directory.resolve("budget"), "hello\n");
    assertThat(at(NOW).closed("default"))
        .contains(
            directory.resolve("budget")
                + " cannot be read: line 1 is not what heartbeat wrote; remove it");
    Files.delete(directory.resolve("budget"));
    Files.createDirectory(directory.resolve("budget"));
    assertThat(at(NOW).spend("default", "a1")).isPresent();
  }
}
