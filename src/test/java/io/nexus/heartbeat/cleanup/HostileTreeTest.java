package io.nexus.heartbeat.cleanup;

import static io.nexus.heartbeat.cleanup.Tree.OLD;
import static io.nexus.heartbeat.cleanup.Tree.WEEK;
import static io.nexus.heartbeat.cleanup.Tree.none;
import static io.nexus.heartbeat.cleanup.Tree.place;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nexus.heartbeat.posix.C;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree whose owner means harm: nothing outside of it is touched, and nobody is held up. */
class HostileTreeTest {
  private static final int HERE = -100;
  private static final int RENAME_EXCHANGE = 2;
  private static final MethodHandle RENAMEAT2 =
      C.function(
          "renameat2",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));

  @TempDir private Path directory;

  private Tree tree;
  private Path outside;

  @BeforeEach
  void tree() throws IOException {
    // Whoever plays another user must get here.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    tree = new Tree(Files.createDirectory(directory.resolve("root")));
    outside = Files.createDirectory(directory.resolve("outside"));
    Tree.file(outside.resolve("precious.log"), OLD);
    Tree.file(outside.resolve("__pycache__/precious.pyc"), OLD);
  }

  private void assertThatNothingOutsideWasTouched() throws IOException {
    assertThat(Tree.left(outside))
        .containsExactly("__pycache__", "__pycache__/precious.pyc", "precious.log");
  }

  @Test
  void aSymbolicLinkNamedPycacheIsPassedByAndStopsNothing() throws Exception {
    Files.createSymbolicLink(tree.at("__pycache__"), outside.resolve("__pycache__"));
    Files.createDirectories(tree.at("a/b"));
    Files.createSymbolicLink(tree.at("a/__pycache__"), Path.of("../../outside"));
    tree.file("a/b/__pycache__/x.pyc");
    var result = tree.clean(place(".", "__pycache__", null));
    assertThat(tree.told).contains("a/b/__pycache__/x.pyc");
    assertThat(result.spared()).containsEntry(Spared.SymbolicLink, 2L);
    assertThat(result.remarks()).contains("__pycache__: a symbolic link, which is not followed");
    assertThat(tree.at("__pycache__")).isSymbolicLink();
    assertThatNothingOutsideWasTouched();
  }

  @Test
  void linksThatLeadOutAreNotFollowedWhereverTheyAre() throws Exception {
    Files.createSymbolicLink(tree.at("logs"), outside);
    Files.createDirectory(tree.at("data"));
    Files.createSymbolicLink(tree.at("data/file.log"), outside.resolve("precious.log"));
    Files.createSymbolicLink(tree.at("data/loop"), tree.root());
    Files.createSymbolicLink(tree.at("data/absolute"), outside);
    var result =
        tree.clean(
            place("logs", null, WEEK),
            place("data/absolute", null, WEEK),
            place("data/absolute/__pycache__", null, WEEK),
            place(".", "*.log", WEEK));
    assertThat(tree.told).isEmpty();
    assertThat(result.remarks()).contains("logs: a symbolic link, which is not followed");
    assertThatNothingOutsideWasTouched();
  }

  @Test
  void aDirectoryThatIsSwappedForALinkWhileItIsEmptiedLeadsNowhere() throws Exception {
    for (var name : List.of("precious.log", "other.log", "third.log")) {
      tree.file("logs/" + name);
    }
    var result =
        tree.clean(
            none(place("logs", null, WEEK)),
            false,
            InstantSource.fixed(Tree.NOW),
            (path, _) -> {
              tree.told.add(path);
              if (tree.told.size() == 1) {
                swap();
              }
            });
    // The directory that was entered was emptied, wherever it is by now.
    assertThat(Tree.left(tree.at("moved"))).isEmpty();
    assertThat(result.files()).isEqualTo(3);
    assertThatNothingOutsideWasTouched();
  }

  private void swap() {
    try {
      Files.move(tree.at("logs"), tree.at("moved"));
      Files.createSymbolicLink(tree.at("logs"), outside);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDirectoryThatIsSwappedAllTheTimeNeverLeadsOut() throws Exception {
    var over = new AtomicBoolean();
    Files.createDirectories(tree.at("a/logs"));
    Files.createSymbolicLink(tree.at("link"), outside);
    var swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    exchange(tree.at("a/logs"), tree.at("link"));
                  }
                });
    try {
      for (var i = 0; i < 50; i++) {
        tree.clean(place("a/logs", null, WEEK), place("a", "__pycache__", null));
        tree.clean(place(".", "*.log", WEEK));
      }
    } finally {
      over.set(true);
      swapper.join();
    }
    assertThatNothingOutsideWasTouched();
  }

  /** At once, so that one of the two is always there: renameat2(2). */
  private static void exchange(Path one, Path other) {
    try (var arena = Arena.ofConfined()) {
      var first = arena.allocateFrom(one.toString());
      var second = arena.allocateFrom(other.toString());
      assertThat(
              C.call(() -> (int) RENAMEAT2.invokeExact(HERE, first, HERE, second, RENAME_EXCHANGE)))
          .isZero();
    }
  }

  @Test
  void namesOfEveryKindAreDeletedAsTheyAreAndShownEscaped() throws Exception {
    for (var name :
        List.of(
            "a\nb.log", "..hidden.log", "...", "a..log", "-rf", "\u001b[31mred.log", "b\\.log")) {
      tree.file("logs/" + name);
    }
    run("cd \"$1\" && printf x > \"$(printf 'bad\\377.log')\" && touch -d 2020-01-01 bad*", "logs");
    tree.dry(place("logs", null, WEEK));
    assertThat(tree.told)
        .containsExactlyInAnyOrder(
            "logs/a\\nb.log",
            "logs/..hidden.log",
            "logs/...",
            "logs/a..log",
            "logs/-rf",
            "logs/\\u{1b}[31mred.log",
            "logs/b\\\\.log",
            "logs/bad\\xff.log");
    tree.clean(place("logs", null, WEEK));
    assertThat(tree.left()).containsExactly("logs");
    assertThatNothingOutsideWasTouched();
  }

  private void run(String script, String in) throws Exception {
    var shell =
        new ProcessBuilder("sh", "-c", script, "sh", tree.at(in).toString()).inheritIO().start();
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void pipesSocketsAndDevicesAreLeftAlone() throws Exception {
    Files.createDirectory(tree.at("logs"));
    run(
        "mkfifo \"$1/pipe.log\" && mkdir \"$1/directory.log\" && touch -d 2020-01-01 \"$1\"/*",
        "logs");
    var result = tree.clean(place("logs", "*.log", WEEK));
    assertThat(tree.told).isEmpty();
    assertThat(result.spared()).containsEntry(Spared.NotAFile, 1L);
    assertThat(tree.left()).containsExactly("logs", "logs/directory.log", "logs/pipe.log");
  }

  @Test
  void aTreeThatIsTooDeepIsLeftFromThereOn() throws Exception {
    var deep = "d/".repeat(Walk.DEEPEST + 20);
    tree.file(deep + "a.log");
    tree.file("d/b.log");
    var result = tree.clean(place(".", "*.log", WEEK));
    assertThat(tree.told).containsExactly("d/b.log");
    assertThat(result.spared()).containsEntry(Spared.TooDeep, 1L);
  }

  @Test
  void whatMayNotBeDeletedIsReportedAndTheRestGoes() throws Exception {
    tree.file("logs/locked/a.log");
    tree.file("logs/closed/b.log");
    tree.file("logs/open/c.log");
    mode("logs/locked", "r-xr-xr-x");
    mode("logs/closed", "--x--x--x");
    mode("logs/open", "rwxrwxrwx");
    var result = AnotherUser.run(() -> tree.clean(place("logs", null, WEEK)));
    assertThat(tree.told).containsExactly("logs/open/c.log");
    assertThat(result.failed()).containsExactly(Map.entry("permission denied", 2L));
    assertThat(result.remarks())
        .containsExactlyInAnyOrder(
            "logs/locked/a.log: permission denied", "logs/closed: permission denied");
    assertThat(result.isWhole()).isFalse();
    mode("logs/locked", "rwxr-xr-x"); // or a user who is not root could not remove it
    mode("logs/closed", "rwxr-xr-x");
  }

  @Test
  void filesOfAnotherUserAreReportedWhereTheyMayNotBeDeleted() throws Exception {
    assumeTrue(AnotherUser.isPossible(), "only root can make files of another user");
    tree.file("shared/foreign.log");
    run("chmod 1777 \"$1\"", "shared");
    var own = tree.file("shared/own.log");
    Files.setAttribute(own, "unix:uid", AnotherUser.UID);
    var result = AnotherUser.run(() -> tree.clean(place("shared", null, WEEK)));
    assertThat(tree.told).containsExactly("shared/own.log");
    assertThat(result.failed()).containsOnlyKeys("operation not permitted");
    assertThat(result.stillOpen().seen()).isFalse();
  }

  private void mode(String path, String mode) throws IOException {
    Files.setPosixFilePermissions(tree.at(path), PosixFilePermissions.fromString(mode));
  }

  @Test
  void aRemarkOfAHostileNameIsShort() throws Exception {
    var names = new ArrayList<String>();
    for (var i = 0; i < 30; i++) {
      names.add("\n".repeat(200) + i);
      Files.createSymbolicLink(tree.at(names.getLast()), outside);
    }
    var result = tree.clean(place(".", "*.log", WEEK));
    assertThat(result.spared()).containsEntry(Spared.SymbolicLink, 30L);
    assertThat(result.remarks())
        .hasSize(2)
        .allMatch(remark -> remark.length() < 200 && !remark.contains("\n"));
  }
}
