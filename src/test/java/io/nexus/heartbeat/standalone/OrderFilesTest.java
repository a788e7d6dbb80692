package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.engine.MonitorKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders as files: neither lost nor obeyed twice, and only from whom they may come. */
class OrderFilesTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final MonitorKey KEY = new MonitorKey("default", "test");

  @TempDir private Path directory;

  @Test
  void anOrderLiesThereUntilWhatCameOfItIsStored() throws Exception {
    OrderFiles.leave(directory, KEY, Order.Pause, "2h at=1");
    try (var state = StateDirectory.open(directory, JSON)) {
      state.adopt(monitor());
      var orders = new OrderFiles(directory, state);
      var woken = new ArrayList<MonitorKey>();
      assertThat(orders.give(woken::add)).isTrue();
      assertThat(woken).containsExactly(KEY);
      assertThat(annotations(state)).containsEntry("heartbeat.nexus.io/pause", "2h at=1");
      assertThat(orders.give(woken::add)).as("it has it already").isFalse();
      assertThat(files()).hasSize(1);
    } // and here it dies
    try (var state = StateDirectory.open(directory, JSON)) {
      state.adopt(monitor());
      var orders = new OrderFiles(directory, state);
      assertThat(orders.give(_ -> {})).isTrue();
      obey(state, new ArrayList<>());
    } // and here again
    try (var state = StateDirectory.open(directory, JSON)) {
      state.adopt(monitor());
      assertThat(new OrderFiles(directory, state).give(_ -> {})).isFalse();
      assertThat(files()).isEmpty();
      assertThat(annotations(state)).isEmpty();
    }
  }

  @Test
  void anEditOfTheFileLosesNoOrder() throws Exception {
    OrderFiles.leave(directory, KEY, Order.Ack, "at=1");
    try (var state = StateDirectory.open(directory, JSON)) {
      state.adopt(monitor());
      var orders = new OrderFiles(directory, state);
      assertThat(orders.give(_ -> {})).isTrue();
      state.adopt(monitor());
      assertThat(orders.give(_ -> {})).isTrue();
      assertThat(annotations(state)).containsEntry("heartbeat.nexus.io/ack", "at=1");
    }
  }

  @Test
  void whatADeclarationHoldsForGoodIsNoOrder() throws Exception {
    var declared = monitor();
    declared
        .getMetadata()
        .setAnnotations(Map.of("heartbeat.nexus.io/reset", "", "example.com/team", "a"));
    try (var state = StateDirectory.open(directory, JSON)) {
      state.adopt(declared);
      assertThat(annotations(state)).containsExactly(Map.entry("example.com/team", "a"));
    }
  }

  @Test
  void onlyOurOwnAndRootsAreTakenAndOnlyFilesThatNobodyElseCanWrite() throws Exception {
    try (var state = StateDirectory.open(directory, JSON)) {
      state.adopt(monitor());
      var orders = new OrderFiles(directory, state);
      OrderFiles.leave(directory, KEY, Order.RunNow, "1");
      var file = directory.resolve("orders").resolve(files().getFirst());

      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThat(orders.give(_ -> {})).isFalse();
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
      assertThat(orders.give(_ -> {})).isFalse();
      Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwx------"));

      var elsewhere = Files.move(file, directory.resolve("elsewhere.json"));
      Files.createSymbolicLink(file, elsewhere);
      assertThat(orders.give(_ -> {})).isFalse();
      Files.delete(file);
      for (var nonsense : List.of("", "null", "{}", "[1]", "{\"monitor\": \"test\"}", "\0")) {
        Files.writeString(file, nonsense);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(orders.give(_ -> {})).as(nonsense).isFalse();
      }
      Files.delete(file);
      Files.move(elsewhere, file);
      assertThat(orders.give(_ -> {})).isTrue();
    }
  }

  @Test
  void whatIsOfNobodyWaitsAWeek() throws Exception {
    OrderFiles.leave(directory, new MonitorKey("default", "other"), Order.RunNow, "1");
    try (var state = StateDirectory.open(directory, JSON)) {
      var orders = new OrderFiles(directory, state);
      assertThat(orders.give(_ -> {})).isFalse();
      assertThat(files()).as("another process may watch it").hasSize(1);
      Files.setLastModifiedTime(
          directory.resolve("orders").resolve(files().getFirst()),
          FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      assertThat(orders.give(_ -> {})).isFalse();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void whereNothingCanBeLeftThatIsSaid() {
    assertThatThrownBy(() -> OrderFiles.leave(directory.resolve("nowhere"), KEY, Order.RunNow, "1"))
        .isInstanceOf(StateDirectory.Refused.class)
        .hasMessageContaining("cannot leave an order in " + directory);
  }

  /** What may happen next. */
  enum Step {
    LEAVE_PAUSE,
    LEAVE_RESUME,
    GIVE,
    TURN,
    DIE,
    EDIT
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.of(Step.class).list().ofMinSize(5).ofMaxSize(40);
  }

  @Property(tries = 100)
  void eachIsObeyedOnceAndInItsOrderHoweverTheProcessDies(@ForAll("histories") List<Step> history)
      throws Exception {
    directory = Files.createTempDirectory("orders");
    var left = new ArrayList<String>();
    var obeyed = new ArrayList<String>();
    var state = StateDirectory.open(directory, JSON);
    try {
      state.adopt(monitor());
      var orders = new OrderFiles(directory, state);
      for (var step : history) {
        switch (step) {
          case LEAVE_PAUSE -> leave(left, Order.Pause);
          case LEAVE_RESUME -> leave(left, Order.Resume);
          case GIVE -> orders.give(_ -> {});
          case TURN -> obey(state, obeyed);
          case EDIT -> state.adopt(monitor());
          case DIE -> {
            state.close();
            state = StateDirectory.open(directory, JSON);
            state.adopt(monitor());
            orders = new OrderFiles(directory, state);
          }
        }
      }
      do {
        obey(state, obeyed);
      } while (orders.give(_ -> {}));
      assertThat(files()).isEmpty();
      for (var order : List.of("pause", "resume")) {
        assertThat(obeyed.stream().filter(o -> o.startsWith(order)))
            .containsExactlyElementsOf(left.stream().filter(o -> o.startsWith(order)).toList());
      }
    } finally {
      state.close();
    }
  }

  private void leave(List<String> left, Order order) throws Exception {
    var text = "at=" + left.size();
    var before = files();
    OrderFiles.leave(directory, KEY, order, text);
    left.add(order.word() + " " + text);
    // Within a millisecond of another its place is by chance; people are slower.
    var made = files().stream().filter(file -> !before.contains(file)).findFirst().orElseThrow();
    var folder = directory.resolve("orders");
    Files.move(folder.resolve(made), folder.resolve("%013d-x.json".formatted(left.size())));
  }

  /** As the engine does: what is new is in the next status. */
  private static void obey(StateDirectory state, List<String> obeyed) throws Exception {
    var monitor = state.read(KEY).orElseThrow();
    var status = monitor.getStatus() == null ? MonitorStatus.NONE : monitor.getStatus();
    var book = status.state().orders();
    for (var order : Order.in(monitor.getMetadata().getAnnotations()).entrySet()) {
      if (book.of(order.getKey(), order.getValue()).isEmpty()) {
        obeyed.add(order.getKey().word() + " " + order.getValue());
        book =
            book.with(
                new Handled(
                    order.getKey(), order.getValue(), Instant.EPOCH, "me", Outcome.Taken, ""));
      }
    }
    state.write(monitor, with(status, book));
  }

  private static MonitorStatus with(MonitorStatus status, OrderBook book) {
    return new MonitorStatus(
        1L,
        status.level(),
        status.message(),
        status.summary(),
        null,
        status.conditions(),
        status.targets(),
        status.actions(),
        status.state().withOrders(book, List.of()));
  }

  private static Map<String, String> annotations(StateDirectory state) {
    var annotations = state.read(KEY).orElseThrow().getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private List<String> files() throws IOException {
    if (!Files.isDirectory(directory.resolve("orders"))) {
      return List.of();
    }
    try (var files = Files.list(directory.resolve("orders"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static HeartbeatMonitor monitor() {
    var file =
        MonitorFile.parse(
            "test",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: test, namespace: default}
            spec: {targets: [{name: a, tcp: {host: a, port: 1}}]}
            """);
    assertThat(file.findings()).isEmpty();
    return file.monitors().getFirst();
  }
}
