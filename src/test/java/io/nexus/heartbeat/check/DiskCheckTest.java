package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  @TempDir private Path directory;

  @Test
  void measuresWhatDfTells() throws Exception {
    var df = Mounted.output("df", "-P", "-B1", directory.toString()).split("\\s+");
    var row = df.length - 6; // file system, size, used, available, percent, mount point
    var used = Double.parseDouble(df[row + 2]);
    var available = Double.parseDouble(df[row + 3]);

    var measured = ((Reading.Up) read(directory)).measurements();

    assertThat(measured.numbers().get("totalBytes")).isEqualTo(Double.parseDouble(df[row + 1]));
    assertThat(measured.numbers().get("percent"))
        .isCloseTo(100 * used / (used + available), within(1.0)); // others write meanwhile
  }

  /** A small tmpfs is filled, one mebibyte in all. */
  @ParameterizedTest
  @CsvSource({
    "0, Healthy",
    "860, Healthy",
    "872, Degraded",
    "968, Degraded",
    "976, Critical",
    "1024, Critical"
  })
  void aDiskIsAsFullAsWhatIsOnIt(int kibibytes, Level level) throws Exception {
    try (var small = Mounted.tmpfs(directory, "size=1m,nr_inodes=20")) {
      Files.write(small.path().resolve("data"), new byte[kibibytes * 1024]);

      var assessed = assessed(target(small.path(), null), read(small.path()));

      assertThat(assessed.level()).isEqualTo(level);
      assertThat(assessed.measurements().numbers())
          .containsEntry("percent", 100 * kibibytes / 1024.0)
          .containsEntry("freeBytes", (1024.0 - kibibytes) * 1024)
          .containsEntry("totalBytes", 1024.0 * 1024);
    }
  }

  @Test
  void aDiskWithoutInodesLeftIsTold() throws Exception {
    try (var small = Mounted.tmpfs(directory, "size=1m,nr_inodes=20")) {
      for (var i = 0; i < 18; i++) {
        Files.createFile(small.path().resolve("file" + i));
      }
      var limit = new Threshold("inodesPercent", new IntOrString("90%"), null, null, null);

      var assessed = assessed(target(small.path(), limit), read(small.path()));

      assertThat(assessed.level()).isEqualTo(Level.Degraded);
      assertThat(assessed.message()).isEqualTo("inodesPercent is 95, at or above 90%");
    }
  }

  @Test
  void aThresholdOfOnesOwnTakesThePlaceOfTheKinds() throws Exception {
    var limit = new Threshold("percent", null, new IntOrString("50%"), null, null);
    try (var small = Mounted.tmpfs(directory, "size=1m")) {
      Files.write(small.path().resolve("data"), new byte[512 * 1024]);

      var assessed = assessed(target(small.path(), limit), read(small.path()));

      assertThat(assessed.level()).isEqualTo(Level.Critical);
      assertThat(assessed.message()).isEqualTo("percent is 50, at or above 50%");
    }
  }

  @Test
  void aFileSystemWithoutASizeHasNoPercentAndSaysWhy() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self")), "there is no /proc here");

    var measured = ((Reading.Up) read(Path.of("/proc"))).measurements();

    assertThat(measured.absent())
        .containsEntry("percent", "this file system has no size")
        .containsEntry("inodesPercent", "this file system does not count them");
  }

  @Test
  void aPathThatCannotBeLookedAtIsUnknown() throws Exception {
    assertThat(HttpProbing.words(read(Path.of("/nowhere/at/all"))))
        .isEqualTo("Unknown: there is no /nowhere/at/all on this machine");
    var file = Files.createFile(directory.resolve("file"));
    assertThat(HttpProbing.words(read(file.resolve("below"))))
        .isEqualTo("Unknown: " + file + "/below cannot be looked at: Not a directory");
    assertThat(HttpProbing.words(read(file))).isEqualTo("Up");
  }

  @Test
  void inAClusterNoPathIsLookedAt() throws Exception {
    var reading = read(directory, new Place.Cluster("default"), CLIENTS, TEN_SECONDS);

    assertThat(HttpProbing.words(reading)).startsWith("Unknown: path is for a host only");
  }

  /** A FUSE whose server never answers, as NFS without its server. */
  @Test
  void aMountThatHangsEndsInTime() throws Exception {
    try (var silent = Mounted.silent(directory)) {
      var begun = System.nanoTime();
      var reading = read(silent.path(), new Place.Host("default"), CLIENTS, Duration.ofMillis(500));

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
      assertThat(HttpProbing.words(reading))
          .isEqualTo("Down: the file system does not answer: timed out after 500 ms");
      assertThat(HttpProbing.words(read(directory))).isEqualTo("Up");
    }
  }

  @Test
  void howeverOftenAHangingMountIsLookedAtItHoldsOneThread() throws Exception {
    var asked = new AtomicInteger();
    var hangs = new CountDownLatch(1);
    var disks =
        new LocalDisks(
            path -> {
              asked.incrementAndGet();
              try {
                hangs.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return new DiskUsage(1, 1, 2, 0, 0);
            });
    try (var deadlines = new Deadlines()) {
      for (var i = 0; i < 3; i++) {
        try (var deadline = deadlines.start(Duration.ofMillis(50))) {
          assertThat(new DiskCheck(directory, disks).run(deadline))
              .isInstanceOf(Reading.Down.class);
        }
      }
      assertThat(asked).hasValue(1);
      hangs.countDown();
      try (var deadline = deadlines.start(TEN_SECONDS)) {
        assertThat(new DiskCheck(directory, disks).run(deadline)).isInstanceOf(Reading.Up.class);
      }
      try (var deadline = deadlines.start(TEN_SECONDS)) {
        new DiskCheck(directory, disks).run(deadline);
      }
      assertThat(asked).as("what was answered is not kept").hasValueGreaterThan(1);
    }
  }

  private static ATarget target(Path path, @Nullable Threshold limit) {
    var target = ATarget.of("disk", disk(path));
    return limit == null ? target : target.thresholds(limit);
  }

  private static Assessment assessed(ATarget target, Reading reading) {
    return Assessment.NONE.next(
        target.build(), new Observation(Instant.EPOCH, Duration.ZERO, reading));
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private static DiskTarget disk(Path path) {
    return new DiskTarget(path.toString(), null, null, null, null, null);
  }

  private static Reading read(Path path) throws InterruptedException {
    return read(path, new Place.Host("default"), CLIENTS, TEN_SECONDS);
  }

  private static Reading read(Path path, Place place, Clients clients, Duration timeout)
      throws InterruptedException {
    var surroundings =
        new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, clients).at(place);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return DiskCheck.of(disk(path), surroundings).run(deadline);
    }
  }
}
