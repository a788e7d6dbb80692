package io.nexus.heartbeat.standalone.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final MonitorRef MONITOR = new MonitorRef("default", "nexus", "uid");

  @TempDir private Path directory;

  @Test
  void theNextProcessKnowsHowFarItCame() throws Exception {
    var journal = journal();
    journal.add(calledOff("a", 1));
    journal.add(calledOff("a", 7));
    journal.add(calledOff("b", 3));
    assertThat(journal().of(subject("a"), "")).isEqualTo(new Standing(7, null, null));
    assertThat(journal().of(subject("b"), "")).isEqualTo(new Standing(3, null, null));
    assertThat(journal().of(subject("c"), "")).isEqualTo(new Standing(0, null, null));
  }

  @Test
  void itsSizeHasABoundAndWhatSubjectsAreAtIsKeptLongest() throws Exception {
    var journal = journal();
    journal.add(calledOff("once", 5));
    for (var i = 1; i <= Journal.MOST + 50; i++) {
      var done =
          calledOff("often", i).ended(new Work.End(0, "ended well", List.of()), Instant.EPOCH);
      journal.add(done);
    }
    assertThat(journal().of(subject("once"), "").sequence()).isEqualTo(5);
    assertThat(journal().of(subject("often"), "").sequence()).isEqualTo(Journal.MOST + 50);
    for (var i = 0; i <= Journal.MOST; i++) {
      journal.add(calledOff("other-" + i, 1));
    }
    assertThat(Files.size(directory.resolve(Journal.FILE))).isLessThan(200_000);
  }

  @Test
  void whatCannotBeWrittenIsNotValid() throws Exception {
    var journal = journal();
    journal.add(calledOff("a", 1));
    Files.delete(directory.resolve(Journal.FILE));
    Files.delete(directory);
    assertThatThrownBy(() -> journal.add(calledOff("a", 2)))
        .isInstanceOf(Journal.Unusable.class)
        .hasMessageStartingWith("cannot write " + directory.resolve(Journal.FILE));
    assertThat(journal.of(subject("a"), "").sequence()).isEqualTo(1);
    Files.createDirectory(directory);
  }

  private Journal journal() {
    return new Journal(directory, new ObjectMapper());
  }

  private static Subject subject(String name) {
    return new Subject("Unit", name);
  }

  private static Entry calledOff(String subject, long sequence) {
    var plan =
        new Plan(
            subject + "-" + sequence,
            sequence,
            "restart " + subject,
            subject(subject),
            "",
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(),
            "");
    return Entry.calledOff(MONITOR, plan, Instant.EPOCH);
  }
}
