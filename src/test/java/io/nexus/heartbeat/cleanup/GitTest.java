package io.nexus.heartbeat.cleanup;

import static io.nexus.heartbeat.cleanup.Tree.WEEK;
import static io.nexus.heartbeat.cleanup.Tree.place;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What git tracks is kept: against repositories that git itself made. */
class GitTest {
  @TempDir private Path directory;

  private Tree tree;

  @BeforeAll
  static void git() {
    var isThere =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "git")));
    assumeTrue(isThere, "there is no git here to make repositories with");
  }

  @BeforeEach
  void tree() throws IOException {
    tree = new Tree(Files.createDirectory(directory.resolve("root")));
  }

  private String git(Path at, String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                "git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=x"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(at.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_SYSTEM", "/dev/null");
    builder.environment().keySet().removeIf(name -> name.matches("GIT_(DIR|WORK_TREE|INDEX_FILE)"));
    var process = builder.redirectInput(new File("/dev/null")).start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private void commit(Path at) throws IOException, InterruptedException {
    git(at, "add", ".");
    git(at, "commit", "-q", "-m", "all");
  }

  /** Some committed, some not. */
  private void repository(Path at, String... init) throws IOException, InterruptedException {
    Files.createDirectories(at);
    var arguments = new ArrayList<>(List.of("init", "-q"));
    arguments.addAll(List.of(init));
    git(at, arguments.toArray(String[]::new));
    for (var name : List.of("committed.pdf", "a/deep/committed.pdf", "größe\n.pdf", "x")) {
      Tree.file(at.resolve("reports").resolve(name), Tree.OLD);
    }
    for (var i = 0; i < 20; i++) {
      Tree.file(at.resolve("reports/" + "n".repeat(i) + "/committed"), Tree.OLD);
    }
    commit(at);
    Tree.file(at.resolve("reports/made.pdf"), Tree.OLD);
    Tree.file(at.resolve("reports/a/deep/made.pdf"), Tree.OLD);
  }

  private void assertThatOnlyWhatWasMadeGoes(String before) throws Exception {
    var result = tree.clean(place(before + "reports", null, WEEK));
    assertThat(tree.told)
        .containsExactlyInAnyOrder(before + "reports/made.pdf", before + "reports/a/deep/made.pdf");
    assertThat(result.spared()).containsEntry(Spared.Tracked, 24L);
  }

  @Test
  void committedFilesUnderReportsStay() throws Exception {
    repository(tree.root());
    assertThatOnlyWhatWasMadeGoes("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3", "4"})
  void everyVersionOfTheIndexIsRead(String version) throws Exception {
    repository(tree.root());
    git(tree.root(), "add", "--intent-to-add", "reports/made.pdf"); // is what needs version 3
    git(tree.root(), "update-index", "--index-version", version);
    tree.clean(place("reports", null, WEEK));
    assertThat(tree.told).containsExactly("reports/a/deep/made.pdf");
  }

  @Test
  void aRepositoryOfTheOtherHashIsRead() throws Exception {
    repository(tree.root(), "--object-format=sha256");
    assertThatOnlyWhatWasMadeGoes("");
  }

  @Test
  void anIndexWithoutItsSumIsRead() throws Exception {
    repository(tree.root());
    git(tree.root(), "config", "index.skipHash", "true");
    git(tree.root(), "update-index", "--force-write-index");
    assertThatOnlyWhatWasMadeGoes("");
  }

  @Test
  void theRootMayBeInsideOfARepository() throws Exception {
    repository(directory);
    Files.move(directory.resolve("reports"), tree.at("reports"));
    git(directory, "add", "--all", ":(exclude)*made.pdf");
    assertThatOnlyWhatWasMadeGoes("");
  }

  @Test
  void aRepositoryInARepositoryIsReadAndSoIsTheOuterOne() throws Exception {
    repository(tree.at("inner"));
    Files.move(tree.at("inner/.git"), directory.resolve("aside"));
    git(tree.root(), "init", "-q");
    tree.file("inner/reports/outer.pdf");
    git(tree.root(), "add", "inner/reports/outer.pdf");
    Files.move(directory.resolve("aside"), tree.at("inner/.git"));
    tree.clean(place("inner/reports", null, WEEK));
    assertThat(tree.told)
        .containsExactlyInAnyOrder("inner/reports/made.pdf", "inner/reports/a/deep/made.pdf");
  }

  @Test
  void aFurtherWorkTreeHasItsIndexElsewhere() throws Exception {
    var main = directory.resolve("main");
    repository(main);
    git(main, "worktree", "add", "-q", tree.at("further").toString());
    Tree.file(tree.at("further/reports/made.pdf"), Tree.OLD);
    try (var files = Files.walk(tree.at("further/reports"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Tree.aged(file, Tree.OLD);
      }
    }
    tree.clean(place("further", null, WEEK));
    assertThat(tree.told).containsExactly("further/reports/made.pdf");
  }

  private void assertThatNothingGoes(String because) throws Exception {
    var before = Tree.left(tree.root());
    var result = tree.clean(place("reports", null, WEEK), place(".", "__pycache__", null));
    assertThat(tree.told).isEmpty();
    assertThat(Tree.left(tree.root())).isEqualTo(before);
    assertThat(result.remarks())
        .anyMatch(
            remark ->
                remark.contains("it cannot be told what git tracks: ") && remark.contains(because));
  }

  @Test
  void nothingGoesWhereTheIndexIsSplit() throws Exception {
    repository(tree.root());
    git(tree.root(), "update-index", "--split-index");
    assertThatNothingGoes("its index is split in two");
  }

  @Test
  void nothingGoesWhereTheIndexIsSparse() throws Exception {
    repository(tree.root());
    git(tree.root(), "sparse-checkout", "set", "--sparse-index", "reports/a");
    Tree.file(tree.at("reports/made.pdf"), Tree.OLD);
    assertThatNothingGoes("its index is sparse");
  }

  @Test
  void nothingGoesWhereTheIndexIsDamaged() throws Exception {
    repository(tree.root());
    var index = Files.readAllBytes(tree.at(".git/index"));
    var random = new Random(5);
    for (var i = 0; i < 20; i++) {
      var damaged = index.clone();
      damaged[4 + random.nextInt(index.length - 4)] ^= (byte) (1 + random.nextInt(255));
      Files.write(tree.at(".git/index"), damaged);
      assertThatNothingGoes("its index is ");
    }
    for (var length : new int[] {0, 3, 11, 12, 100, index.length / 2, index.length - 1}) {
      Files.write(tree.at(".git/index"), Arrays.copyOf(index, length));
      assertThatNothingGoes("its index ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MAX_VALUE, 4_000_001, 4_000_000})
  void nothingGoesAndNoMemoryIsTakenWhereTheIndexLiesAboutItsLength(int count) throws Exception {
    repository(tree.root());
    try (var index = new RandomAccessFile(tree.at(".git/index").toFile(), "rw")) {
      index.seek(8);
      index.writeInt(count);
      index.setLength(12);
      index.setLength(1L << 36); // of which the disk holds nothing
    }
    assertThatNothingGoes("its index is ");
  }

  @Test
  void nothingGoesWhereThereIsNoIndex() throws Exception {
    repository(tree.root());
    Files.delete(tree.at(".git/index"));
    assertThatNothingGoes("its index is not there");
  }

  @Test
  void nothingGoesWhereGitIsALinkOrNoneOfGits() throws Exception {
    repository(tree.root());
    Files.move(tree.at(".git"), directory.resolve("git"));
    Files.createSymbolicLink(tree.at(".git"), directory.resolve("git"));
    assertThatNothingGoes("its .git is a symbolic link");
    Files.delete(tree.at(".git"));
    Files.writeString(tree.at(".git"), "something else");
    assertThatNothingGoes("its .git is not one of git's");
    Files.writeString(tree.at(".git"), "gitdir: /nowhere");
    assertThatNothingGoes("its index is not there");
  }

  @Test
  void anUnreadableRepositoryBelowIsLeftAndTheRestGoes() throws Exception {
    tree.file("a/.git/index");
    tree.file("a/old.log");
    tree.file("b/old.log");
    var result = tree.clean(place(".", "*.log", WEEK));
    assertThat(tree.told).containsExactly("b/old.log");
    assertThat(result.spared()).containsEntry(Spared.Untold, 1L);
    assertThat(result.remarks())
        .containsExactly("a: it cannot be told what git tracks: its index is not one of git's");
  }

  @Test
  void anUnreadableRepositoryAroundTheRootIsAMessage() throws Exception {
    Files.createDirectories(directory.resolve(".git"));
    var plan = Plan.of(Tree.none(place("logs", null, WEEK)));
    assertThatThrownBy(
            () ->
                new Cleaner(() -> Tree.NOW)
                    .clean(tree.root(), plan, Duration.ofMinutes(1), false, Cleaner.Listener.NONE))
        .hasMessageContaining("cannot be told what git tracks")
        .hasMessageContaining(directory.toString());
  }

  @Test
  void nothingIsEverDeletedInADotGit() throws Exception {
    repository(tree.root());
    Files.writeString(tree.at(".git/x.pdf"), "x");
    Tree.aged(tree.at(".git/x.pdf"), Tree.OLD);
    tree.clean(place(".", "*.pdf", WEEK));
    assertThat(tree.at(".git/x.pdf")).exists();
    var plan = Plan.of(Tree.none(place("logs", null, WEEK)));
    assertThatThrownBy(
            () ->
                new Cleaner(() -> Tree.NOW)
                    .clean(
                        tree.at(".git"), plan, Duration.ofMinutes(1), false, Cleaner.Listener.NONE))
        .hasMessageContaining("nothing is deleted in a .git");
  }

  @Test
  void aLargeIndexIsReadAsGitReadsIt() throws Exception {
    git(tree.root(), "init", "-q");
    var blob = git(tree.root(), "hash-object", "-w", "--stdin").strip();
    var lines = new StringBuilder();
    for (var i = 0; i < 30_000; i++) {
      lines.append("100644 %s\tsome/where/%d/file%d%n".formatted(blob, i % 97, i));
    }
    var info = Files.writeString(directory.resolve("info"), lines);
    var process =
        new ProcessBuilder("git", "update-index", "--index-info")
            .directory(tree.root().toFile())
            .redirectInput(info.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    for (var version : List.of("2", "4")) {
      git(tree.root(), "update-index", "--index-version", version);
      var index = GitIndex.read(() -> Files.newInputStream(tree.at(".git/index")));
      assertThat(index.size()).isEqualTo(30_000);
      assertThat(index.tracks("some/where/1/file1".getBytes(UTF_8))).isTrue();
      assertThat(index.tracks("some/where/1/file2".getBytes(UTF_8))).isFalse();
    }
  }
}
