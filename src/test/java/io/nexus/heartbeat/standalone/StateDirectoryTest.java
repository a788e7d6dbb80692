package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore.Conflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class StateDirectoryTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final MonitorKey KEY = new MonitorKey("default", "test");

  @TempDir private Path directory;

  @Test
  void twoNeverHoldTheSameDirectory() throws Exception {
    try (var first = StateDirectory.open(directory, JSON)) {
      assertThat(first.read(KEY)).isEmpty();
      assertThatThrownBy(() -> StateDirectory.open(directory, JSON))
          .isInstanceOf(StateDirectory.Refused.class)
          .hasMessageContaining("in use by another heartbeat")
          .hasMessageContaining("--state");
    }
    StateDirectory.open(directory, JSON).close();
  }

  @Test
  void aSecondAttemptInTheSameProcessDoesNotGiveTheFirstOnesLockAway() throws Exception {
    try (var _ = StateDirectory.open(directory, JSON)) {
      var link = Files.createSymbolicLink(directory.resolveSibling("link"), directory);
      try {
        for (var path : List.of(directory, link)) {
          assertThatThrownBy(() -> StateDirectory.open(path, JSON))
              .isInstanceOf(StateDirectory.Refused.class);
        }
      } finally {
        Files.delete(link);
      }
      assertThat(Stranger.gets(directory.resolve("lock"))).isFalse();
    }
    assertThat(Stranger.gets(directory.resolve("lock"))).isTrue();
  }

  @Test
  void whatWasStoredIsThereAfterARestartAndAnEditIsANewGeneration() throws Exception {
    String uid;
    try (var state = StateDirectory.open(directory, JSON)) {
      var monitor = state.adopt(monitor(1));
      uid = monitor.getMetadata().getUid();
      assertThat(monitor.getMetadata().getGeneration()).isEqualTo(1);
      state.write(monitor, saying("first"));
    }
    try (var state = StateDirectory.open(directory, JSON)) {
      var same = state.adopt(monitor(1));
      assertThat(same.getStatus().message()).isEqualTo("first");
      assertThat(same.getMetadata().getUid()).isEqualTo(uid);
      assertThat(same.getMetadata().getGeneration()).isEqualTo(1);
    }
    try (var state = StateDirectory.open(directory, JSON)) {
      var edited = state.adopt(monitor(2));
      assertThat(edited.getStatus().message()).isEqualTo("first");
      assertThat(edited.getMetadata().getUid()).isEqualTo(uid);
      assertThat(edited.getMetadata().getGeneration()).isEqualTo(2);
    }
  }

  @Test
  void aStatusDecidedOnAnOlderOneIsAConflict() throws Exception {
    try (var state = StateDirectory.open(directory, JSON)) {
      var old = state.adopt(monitor(1));
      state.write(old, saying("first"));
      assertThatThrownBy(() -> state.write(old, saying("stale"))).isInstanceOf(Conflict.class);
      assertThat(state.read(KEY).orElseThrow().getStatus().message()).isEqualTo("first");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[]",
        "null",
        "7",
        "{\"uid\":\"u\"}",
        "{\"uid\":\"u\",\"spec\":\"{}\"}",
        "{\"uid\":\"u\",\"generation\":\"many\",\"spec\":\"{}\"}",
        "{\"uid\":\"u\",\"generation\":1,\"spec\":\"{}\",\"status\":7}",
        "{\"uid\":\"u\",\"generation\":1,\"spec\":\"{}\",\"status\":{\"level\":\"Purple\"}}"
      })
  void whatHeartbeatDidNotWriteIsSetAsideWholeAndItsMonitorStartsFromNothing(String text)
      throws Exception {
    var file = Files.writeString(directory.resolve("default.test.json"), text);
    var log = new ListAppender<ILoggingEvent>();
    var logger = (Logger) LoggerFactory.getLogger(StateDirectory.class);
    log.start();
    logger.addAppender(log);
    try (var state = StateDirectory.open(directory, JSON)) {
      var monitor = state.adopt(monitor(1));

      assertThat(monitor.getStatus()).isNull();
      assertThat(monitor.getMetadata().getGeneration()).isEqualTo(1);
      assertThat(state.write(monitor, saying("first")).getStatus().message()).isEqualTo("first");
    } finally {
      logger.detachAppender(log);
    }
    var aside = files().filter(name -> name.contains(".unreadable-")).toList();
    assertThat(aside).singleElement().asString().startsWith("default.test.json.unreadable-");
    assertThat(directory.resolve(aside.getFirst())).hasContent(text);
    assertThat(log.list)
        .singleElement()
        .satisfies(event -> assertThat(event.getLevel()).isEqualTo(Level.ERROR))
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .startsWith(file + " is not what heartbeat wrote: ")
        .contains("default/test", aside.getFirst())
        .doesNotContain("Exception", "java.", "io.nexus");
  }

  @Test
  void whatAKilledWriterLeftIsSweptAway() throws Exception {
    Files.writeString(directory.resolve(".1234567890.new"), "{\"uid\":");
    Files.writeString(directory.resolve(".somebodys.new"), "not ours");

    StateDirectory.open(directory, JSON).close();

    assertThat(files()).containsExactlyInAnyOrder("lock", ".somebodys.new");
  }

  @Test
  void aStatusIsKeptWholeThoughTheTurnIsBeingEnded() throws Exception {
    try (var state = StateDirectory.open(directory, JSON)) {
      var monitor = state.adopt(monitor(1));
      Thread.currentThread().interrupt();
      state.write(monitor, saying("last words"));
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      var _ = Thread.interrupted();
    }
    try (var state = StateDirectory.open(directory, JSON)) {
      assertThat(state.adopt(monitor(1)).getStatus().message()).isEqualTo("last words");
    }
  }

  @Test
  void whereNothingCanBeKeptIsSaid() throws Exception {
    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> StateDirectory.open(file, JSON))
        .isInstanceOf(StateDirectory.Refused.class)
        .hasMessageContaining("it is a file");
  }

  @Test
  void nothingElseIsLeftInTheDirectory() throws Exception {
    try (var state = StateDirectory.open(directory, JSON)) {
      state.write(state.adopt(monitor(1)), saying("first"));
    }
    assertThat(files()).containsExactlyInAnyOrder("lock", "default.test.json");
  }

  private Stream<String> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  private static MonitorStatus saying(String message) {
    var none = MonitorStatus.NONE;
    return new MonitorStatus(
        1L,
        none.level(),
        message,
        none.summary(),
        null,
        none.conditions(),
        none.targets(),
        none.actions(),
        none.state());
  }

  private static HeartbeatMonitor monitor(int port) {
    var file =
        MonitorFile.parse(
            "test",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: test, namespace: default}
            spec: {targets: [{name: a, tcp: {host: a, port: %d}}]}
            """
                .formatted(port));
    assertThat(file.findings()).isEmpty();
    return file.monitors().getFirst();
  }
}
