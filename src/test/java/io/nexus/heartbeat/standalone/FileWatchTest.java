package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir private Path directory;
  private Path file;
  private FileWatch watch;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("monitor.yaml"), "one");
    watch = new FileWatch(List.of(file));
  }

  @Test
  void anEditIsSeenOnceAndOnlyWhenItsWriterIsDone() throws IOException {
    assertThat(watch.isChanged()).isFalse();
    Files.writeString(file, "one, two");
    assertThat(watch.isChanged()).as("may still be written").isFalse();
    Files.writeString(file, "one, two, three");
    assertThat(watch.isChanged()).as("was still written").isFalse();
    assertThat(watch.isChanged()).isTrue();
    assertThat(watch.isChanged()).isFalse();
  }

  @Test
  void aFileReplacedByOneOfTheSameSizeAndAgeIsSeen() throws IOException {
    var other = Files.writeString(directory.resolve("other"), "two");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(List.of(watch.isChanged(), watch.isChanged())).containsExactly(false, true);
  }

  @Test
  void whatALinkLeadsToIsWatchedAsInAMountedConfigMap() throws IOException {
    var link = Files.createSymbolicLink(directory.resolve("link"), file);
    var watched = new FileWatch(List.of(link));
    var other = Files.writeString(directory.resolve("other"), "another");
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    assertThat(List.of(watched.isChanged(), watched.isChanged())).containsExactly(false, true);
  }

  @Test
  void aFileThatGoesAndComesBackAsItWasIsNoChange() throws IOException {
    var time = FileTime.fromMillis(1_000);
    Files.setLastModifiedTime(file, time);
    watch = new FileWatch(List.of(file));
    var aside = Files.move(file, directory.resolve("aside"));
    assertThat(watch.isChanged()).isFalse();
    Files.move(aside, file);
    assertThat(List.of(watch.isChanged(), watch.isChanged())).containsExactly(false, false);
  }
}
