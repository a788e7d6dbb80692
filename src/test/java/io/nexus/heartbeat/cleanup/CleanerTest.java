package io.nexus.heartbeat.cleanup;

import static io.nexus.heartbeat.cleanup.Tree.NOW;
import static io.nexus.heartbeat.cleanup.Tree.OLD;
import static io.nexus.heartbeat.cleanup.Tree.WEEK;
import static io.nexus.heartbeat.cleanup.Tree.none;
import static io.nexus.heartbeat.cleanup.Tree.place;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.api.Cleanup;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanerTest {
  @TempDir private Path directory;

  private Tree tree;

  @BeforeEach
  void tree() {
    tree = new Tree(directory);
  }

  @Test
  void oldFilesOfThatNameGoAtAnyDepthAndOthersStay() throws Exception {
    tree.file("logs/old.log");
    tree.file("logs/deep/er/old.log");
    tree.file("logs/new.log", Duration.ofHours(1));
    tree.file("logs/old.txt");
    tree.file("elsewhere/old.log");
    var result = tree.clean(place("logs", "*.log", WEEK));
    assertThat(tree.told).containsExactlyInAnyOrder("logs/old.log", "logs/deep/er/old.log");
    assertThat(tree.left())
        .containsExactly(
            "elsewhere",
            "elsewhere/old.log",
            "logs",
            "logs/deep",
            "logs/deep/er",
            "logs/new.log",
            "logs/old.txt");
    assertThat(result.files()).isEqualTo(2);
    assertThat(result.spared()).containsOnlyKeys(Spared.Young).containsEntry(Spared.Young, 1L);
    assertThat(result.isWhole()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago", "Asia/Kathmandu"})
  void anAgeIsTheSameInEveryTimeZone(String zone) throws Exception {
    var before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try {
      tree.file("logs/a-second-too-old.log", WEEK.plusSeconds(1));
      tree.file("logs/a-second-too-young.log", WEEK.minusSeconds(1));
      tree.clean(place("logs", null, WEEK));
      assertThat(tree.told).containsExactly("logs/a-second-too-old.log");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void aDryRunNamesExactlyWhatARealOneThenDeletesAndDeletesNothing() throws Exception {
    tree.file("logs/a.log");
    tree.file("logs/b.log");
    tree.file("src/__pycache__/a.pyc");
    Tree.aged(tree.at("src/__pycache__"), OLD);
    var before = tree.left();
    var places = new Cleanup.Place[] {place("logs", null, WEEK), place(".", "__pycache__", null)};
    var dry = tree.dry(places);
    var named = List.copyOf(tree.told);
    assertThat(tree.left()).isEqualTo(before);
    assertThat(dry.freed()).isNull();
    var real = tree.clean(places);
    assertThat(tree.told).containsExactlyInAnyOrderElementsOf(named);
    assertThat(real.files()).isEqualTo(dry.files()).isEqualTo(3);
    assertThat(real.directories()).isEqualTo(dry.directories()).isEqualTo(1);
    assertThat(real.bytes()).isEqualTo(dry.bytes());
    assertThat(tree.left()).containsExactly("logs", "src");
  }

  @Test
  void aFileThatTwoPathsMeanIsNamedOnce() throws Exception {
    tree.file("logs/a.log");
    tree.dry(place("logs", "*.log", WEEK), place(".", "*.log", WEEK), place("logs", null, WEEK));
    assertThat(tree.told).containsExactly("logs/a.log");
  }

  @Test
  void theNewestOfEachPathStayHoweverOld() throws Exception {
    for (var i = 1; i <= 5; i++) {
      tree.file("logs/" + i + ".log", OLD.plusHours(i));
      tree.file("reports/" + i + ".pdf", OLD.plusHours(i));
    }
    var result =
        tree.clean(
            new Cleanup(
                List.of(place("logs", "*.log", WEEK), place("reports", null, WEEK)), List.of(), 2),
            false);
    assertThat(tree.left())
        .containsExactly(
            "logs", "logs/1.log", "logs/2.log", "reports", "reports/1.pdf", "reports/2.pdf");
    assertThat(result.spared()).containsEntry(Spared.Newest, 4L);
  }

  @Test
  void ofWhatIsRegenerableNoneIsTheNewest() throws Exception {
    tree.file("a/__pycache__/x.pyc", Duration.ofHours(1));
    tree.clean(new Cleanup(List.of(place(".", "__pycache__", null)), List.of(), 3), false);
    assertThat(tree.told).contains("a/__pycache__/x.pyc");
  }

  @Test
  void whatIsToBeKeptStaysByNameByPathAndWithItsDirectory() throws Exception {
    for (var path :
        List.of(
            "logs/a.log",
            "logs/audit.log",
            "logs/legal/x/a.log",
            "logs/2026/summary/a.log",
            "logs/2026/other/a.log")) {
      tree.file(path);
    }
    tree.clean(
        new Cleanup(
            List.of(place(".", "*.log", WEEK)),
            List.of("audit*", "legal", "logs/**/summary/*.log"),
            0),
        false);
    assertThat(tree.told).containsExactlyInAnyOrder("logs/a.log", "logs/2026/other/a.log");
  }

  @Test
  void whatIsBeingWrittenStays() throws Exception {
    tree.file("logs/just-now.log", Duration.ofMinutes(4));
    var open = tree.file("logs/open.log");
    tree.file("logs/closed.log");
    try (var writer = new FileOutputStream(open.toFile(), true)) {
      var result = tree.clean(place("logs", null, Duration.ofMinutes(1)));
      assertThat(tree.told).containsExactly("logs/closed.log");
      assertThat(result.spared())
          .containsEntry(Spared.Recent, 1L)
          .containsEntry(Spared.OpenForWriting, 1L);
      writer.write("still here".getBytes(UTF_8));
    }
    assertThat(open).content().contains("still here");
  }

  @Test
  void whatIsDeletedAndStillOpenIsNotCalledFree() throws Exception {
    var read = tree.file("logs/read.log");
    try (var reader = new FileInputStream(read.toFile())) {
      var result = tree.clean(place("logs", null, WEEK));
      assertThat(tree.told).containsExactly("logs/read.log");
      assertThat(result.stillOpen().files()).isPositive();
      assertThat(result.stillOpen().bytes()).isPositive();
      assertThat(result.stillOpen().holders())
          .anySatisfy(
              holder -> {
                assertThat(holder.process()).isEqualTo(ProcessHandle.current().pid());
                assertThat(holder.program()).isEqualTo("java");
              });
      assertThat(reader.read()).isEqualTo('s');
    }
  }

  @Test
  void aFileWithAnotherNameFreesNothing() throws Exception {
    var file = tree.file("logs/a.log");
    Files.createLink(tree.at("elsewhere"), file);
    var result = tree.clean(place("logs", null, WEEK));
    assertThat(result.files()).isEqualTo(1);
    assertThat(result.linked()).isEqualTo(1);
    assertThat(result.bytes()).isZero();
    assertThat(tree.at("elsewhere")).exists();
  }

  @Test
  void theLastNameOfAFileFreesIt() throws Exception {
    var file = tree.file("logs/a.log");
    Files.createLink(tree.at("logs/b.log"), file);
    var result = tree.clean(place("logs", null, WEEK));
    assertThat(result.linked()).isEqualTo(1);
    assertThat(result.bytes()).isPositive();
  }

  @Test
  void aRegenerableDirectoryGoesWithAllThatIsInIt() throws Exception {
    tree.file("a/__pycache__/deep/x.pyc");
    tree.file("a/__pycache__/y.pyc");
    tree.file("a/x.py");
    Tree.aged(tree.at("a/__pycache__/deep"), OLD);
    Tree.aged(tree.at("a/__pycache__"), OLD);
    assertThat(tree.clean(place(".", "__pycache__", null)).directories()).isEqualTo(2);
    assertThat(tree.left()).containsExactly("a", "a/x.py");
  }

  @Test
  void aRegenerableDirectoryStaysWithWhatStaysInIt() throws Exception {
    tree.file("a/__pycache__/keep.me");
    tree.file("a/__pycache__/y.pyc");
    Tree.aged(tree.at("a/__pycache__"), OLD);
    tree.clean(new Cleanup(List.of(place(".", "__pycache__", null)), List.of("keep.me"), 0), false);
    assertThat(tree.left()).containsExactly("a", "a/__pycache__", "a/__pycache__/keep.me");
  }

  @Test
  void anEmptyDirectoryOfAPathStays() throws Exception {
    tree.file("reports/2026/a.pdf");
    tree.clean(place("reports", null, WEEK));
    assertThat(tree.left()).containsExactly("reports", "reports/2026");
  }

  @Test
  void whenTimeIsUpItEndsWhereItIsAndSaysSo() throws Exception {
    for (var i = 0; i < 50; i++) {
      tree.file("logs/" + i);
    }
    var calls = new AtomicLong();
    var result =
        tree.clean(
            none(place("logs", null, WEEK)),
            false,
            () -> NOW.plusSeconds(30 * calls.getAndIncrement()),
            (path, _) -> tree.told.add(path));
    assertThat(result.cutOff()).isTrue();
    assertThat(result.isWhole()).isFalse();
    assertThat(tree.told).hasSizeBetween(1, 30);
    assertThat(result.summary()).contains("time was up");
  }

  @Test
  void aPathThatIsNotThereIsSaidAndHoldsNobodyUp() throws Exception {
    tree.file("logs/a.log");
    var result = tree.clean(place("nowhere/at/all", null, WEEK), place("logs", null, WEEK));
    assertThat(tree.told).containsExactly("logs/a.log");
    assertThat(result.remarks()).containsExactly("nowhere: not there");
    assertThat(result.isWhole()).isTrue();
  }

  @Test
  void aRootThatIsNoneIsAMessage() throws Exception {
    var plan = Plan.of(none(place("logs", null, WEEK)));
    var file = tree.file("file");
    for (var root : List.of(tree.at("nowhere"), file)) {
      assertThatThrownBy(
              () ->
                  new Cleaner(() -> NOW)
                      .clean(root, plan, Duration.ofMinutes(1), false, Cleaner.Listener.NONE))
          .isInstanceOf(Cleaner.CannotClean.class)
          .hasMessageContaining(root.toString());
    }
  }

  @Test
  void theSummaryIsALine() throws Exception {
    tree.file("logs/a.log");
    tree.file("a/__pycache__/x.pyc");
    Tree.aged(tree.at("a/__pycache__"), OLD);
    assertThat(tree.clean(place("logs", null, WEEK), place(".", "__pycache__", null)).summary())
        .matches("deleted 2 files and 1 directory \\([0-9.]+ (bytes|KiB)\\), \\d+% → \\d+% full");
  }
}
