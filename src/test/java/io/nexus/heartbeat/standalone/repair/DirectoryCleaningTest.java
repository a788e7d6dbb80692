package io.nexus.heartbeat.standalone.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.Cleanup;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, deleted by this process. */
class DirectoryCleaningTest {
  private static final MonitorRef MONITOR = new MonitorRef("default", "nexus", "uid");

  @TempDir private Path directory;
  private Path root;
  private HostActor actor;

  @BeforeEach
  void start() throws IOException {
    root = Files.createDirectory(directory.resolve("srv"));
    Files.createDirectory(directory.resolve("state"));
    actor = actor();
  }

  @AfterEach
  void stop() {
    actor.close();
  }

  @Test
  void whatIsOldIsDeletedOnceAndWhatWasFreedIsSaid() throws Exception {
    file("logs/old.log", 8);
    file("logs/new.log", 1);
    file("logs/old.txt", 8);
    var plan = plan("c1", 1);
    assertThat(perform(plan)).isEqualTo(new Outcome.Done());
    var effect = ended(plan);
    assertThat(effect).isInstanceOf(Effect.Complete.class);
    assertThat(effect.words()).startsWith("freed ").contains(" in 1 file, ", "% full");
    assertThat(names("logs")).containsExactlyInAnyOrder("new.log", "old.txt");

    file("logs/later.log", 8);
    assertThat(perform(plan)).isEqualTo(new Outcome.Done());
    assertThat(names("logs")).contains("later.log");
  }

  @Test
  void whatItWouldDeleteIsSaidBefore() {
    assertThat(found(null).affects()).isEqualTo("deletes old files below " + root + ": logs/*.log");
    assertThat(found(null).obstacle()).isNull();
  }

  @Test
  void aDirectoryThatIsNotThereIsPassedBy() throws Exception {
    Files.delete(root);
    assertThat(found(null).obstacle())
        .satisfies(it -> assertThat(it.lasting()).isTrue())
        .satisfies(it -> assertThat(it.why()).contains("is not there"));
    assertThat(perform(plan("c1", 1))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void whereItCannotBeToldWhatGitTracksNothingIsDeletedAndThatIsSaid() throws Exception {
    file("logs/old.log", 8);
    file(".git/index", 0);
    var plan = plan("c1", 1);
    assertThat(perform(plan)).isEqualTo(new Outcome.Done());
    assertThat(ended(plan).words())
        .startsWith("freed 0 bytes in 0 files, ")
        .contains("it cannot be told what git tracks");
    assertThat(names("logs")).containsExactly("old.log");
  }

  @Test
  void whatWasBegunBeforeACrashIsNotBegunAgain() throws Exception {
    var journal = new Journal(directory.resolve("state"), new ObjectMapper());
    var plan = plan("c1", 1);
    journal.add(Entry.begun(MONITOR, due(plan), "", Instant.now()));
    actor.close();
    actor = actor();
    file("logs/old.log", 8);
    assertThat(perform(plan)).isEqualTo(new Outcome.Done());
    assertThat(ended(plan).words()).contains("how much was deleted is not known");
    assertThat(names("logs")).containsExactly("old.log");
  }

  private void file(String name, int daysOld) throws IOException {
    var path = root.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "x".repeat(10_000));
    Files.setLastModifiedTime(
        path, FileTime.from(Instant.now().minus(Duration.ofDays(daysOld)).minusSeconds(600)));
  }

  private List<String> names(String below) throws IOException {
    try (var all = Files.list(root.resolve(below))) {
      return all.map(it -> it.getFileName().toString()).toList();
    }
  }

  private Clean clean() {
    var old = new Cleanup.Place("logs", "*.log", Duration.ofDays(7));
    return new Clean(
        new Cleanup(List.of(old), List.of(), 0), new Subject(Clean.DIRECTORY, root.toString()));
  }

  private Effect ended(Plan plan) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !(found(plan).effect() instanceof Effect.Underway));
    return found(plan).effect();
  }

  private Facts.Found found(Plan plan) {
    return (Facts.Found) actor.look(MONITOR, new Look(clean(), plan, List.of()));
  }

  private Outcome perform(Plan plan) throws InterruptedException {
    return actor.perform(MONITOR, due(plan));
  }

  private Due due(Plan plan) {
    return new Due(plan, clean(), new Due.Occasion("disk", Level.Critical, "96% full"));
  }

  private Plan plan(String id, long sequence) {
    var now = Instant.now();
    return new Plan(
        id,
        sequence,
        clean().words(),
        clean().subject(),
        "",
        now,
        now.plus(Duration.ofMinutes(2)),
        List.of(),
        null);
  }

  private HostActor actor() {
    return new HostActor(
        Actor.NONE,
        directory.resolve("state"),
        new ObjectMapper(),
        text -> text,
        InstantSource.system(),
        directory.toString());
  }
}
