package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.PushTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.StateDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushes through the engine into a state directory, and back after a restart; turns by hand. */
class PushTest {
  private static final String TOKEN = "a-token-of-some-length";
  private static final Signal WELL = new Signal.End(true, null);
  private static final MonitorKey NEXUS = new MonitorKey("default", "nexus");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T03:00:00Z"));
  private final Map<String, String> secretValues = new ConcurrentHashMap<>(Map.of("t", TOKEN));
  private final Deadlines deadlines = new Deadlines();
  private final Clients clients = Clients.create();
  private final Courier courier = new Courier(deadlines, _ -> {}, Tally.NONE);
  private final AtomicInteger conflicts = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  @TempDir private Path directory;
  private StateDirectory state;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    state = StateDirectory.open(directory, new ObjectMapper());
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName("nexus").build());
    var push =
        new PushTarget(
            Duration.ofHours(24),
            Duration.ofHours(1),
            new ValueFrom(new SecretKeyRef("push", "t")));
    monitor.setSpec(
        new MonitorSpec(
            null,
            null,
            false,
            null,
            List.of(ATarget.of("backup", push).every(Duration.ofHours(1)).build()),
            null,
            null));
    state.adopt(monitor);
    engine =
        new Engine(
            new HostHome(
                new Flaky(),
                Actor.NONE,
                new Surroundings(
                    VettedDialer.ofThisMachine(AddressPolicy.host()),
                    secrets(),
                    Endpoints.NONE,
                    clients),
                (_, _) -> new LogChannel()),
            courier,
            deadlines,
            text -> text,
            now::get,
            EngineListener.NONE,
            _ -> {});
    turn();
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
    state.close();
    courier.close();
    clients.close();
    deadlines.close();
  }

  private void restart() throws Exception {
    engine.close();
    state.close();
    start();
  }

  @Test
  void whatArrivesIsWrittenDownAndLookedAtAtOnce() throws Exception {
    awaitTarget(Level.Unknown, "nothing has arrived yet; the first is awaited until");
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.Stored);
    awaitTarget(Level.Healthy, "");
    push(new Signal.Start(), TOKEN);
    later(Duration.ofMinutes(3));
    assertThat(push(new Signal.End(false, 3), TOKEN)).isEqualTo(PushAnswer.Stored);
    awaitTarget(Level.Critical, "it ended with exit code 3");
    assertThat(status().targets().getFirst().measurements().get("duration").getIntVal())
        .isEqualTo(180);
  }

  @Test
  void aWrongTokenIsAsNoSuchTarget() throws Exception {
    assertThat(push(WELL, "wrong")).isEqualTo(PushAnswer.TryAgain);
    assertThat(engine.push(NEXUS, "other", WELL, TOKEN)).isEqualTo(PushAnswer.TryAgain);
    later(Duration.ofSeconds(30));
    for (var wrong : List.of("", "a", TOKEN + "x", TOKEN.substring(1))) {
      assertThat(push(WELL, wrong)).as(wrong).isEqualTo(PushAnswer.NotHere);
    }
    assertThat(engine.push(NEXUS, "other", WELL, TOKEN)).isEqualTo(PushAnswer.NotHere);
    assertThat(engine.push(new MonitorKey("default", "other"), "backup", WELL, TOKEN))
        .isEqualTo(PushAnswer.NotHere);
    assertThat(status().state().pushes().getFirst().endedAt()).isNull();
  }

  @Test
  void withoutATokenNothingIsTakenAndTheTargetSaysWhy() throws Exception {
    secretValues.put("t", "short");
    restart();
    awaitTarget(Level.Unknown, "Secret push, key t is too short for a token: at least 16");
    later(Duration.ofSeconds(30));
    assertThat(push(WELL, "short")).isEqualTo(PushAnswer.NotHere);
    secretValues.clear();
    restart();
    awaitTarget(Level.Unknown, "Secret push not found");
    later(Duration.ofSeconds(30));
    assertThat(push(WELL, "")).isEqualTo(PushAnswer.NotHere);
  }

  @Test
  void whileItsSecretCannotBeReadItIsToBeSentAgain() throws Exception {
    awaitTarget(Level.Unknown, "");
    later(Duration.ofSeconds(30));
    secretValues.clear();
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.TryAgain);
    secretValues.put("t", TOKEN);
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.Stored);
  }

  @Test
  void aPushOutlivesARestartAndTheTimeAwayIsAllowedFor() throws Exception {
    push(WELL, TOKEN);
    awaitTarget(Level.Healthy, "");
    later(Duration.ofHours(23));
    turn();
    later(Duration.ofHours(4)); // away: past every and grace
    restart();
    awaitTarget(Level.Healthy, "");
    later(Duration.ofMinutes(30));
    turn();
    restart();
    awaitTarget(Level.Healthy, "");
    later(Duration.ofHours(3));
    restart();
    awaitTarget(Level.Healthy, "");
    later(Duration.ofHours(26));
    turn();
    restart();
    awaitTarget(Level.Critical, "late: it last ended at 2026-11-24T03:00:00Z");
  }

  @Test
  void whileNoPortIsListenedOnNothingIsLate() throws Exception {
    push(WELL, TOKEN);
    awaitTarget(Level.Healthy, "");
    engine.hears(false);
    later(Duration.ofHours(48));
    turn();
    assertThat(status().state().pushes().getFirst().away()).isEqualTo(Duration.ofHours(48));
    engine.hears(true);
    later(Duration.ofHours(24));
    turn();
    assertThat(status().state().pushes().getFirst().away()).isEqualTo(Duration.ofHours(48));
  }

  @Test
  void whatSomebodyElseWroteMeanwhileLosesNoPush() throws Exception {
    conflicts.set(2);
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.Stored);
    turn();
    assertThat(status().state().pushes().getFirst().endedAt()).isEqualTo(now.get());
  }

  @Test
  void whatCannotBeStoredIsNotConfirmed() throws Exception {
    failures.set(1);
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.TryAgain);
    assertThat(status().state().pushes().getFirst().endedAt()).isNull();
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.Stored);
  }

  @Test
  void aTurnOnAnOldViewHidesNoPush() throws Exception {
    var old = state.read(NEXUS).orElseThrow();
    push(WELL, TOKEN);
    engine.turn(old);
    awaitTarget(Level.Healthy, "");
    assertThat(status().state().pushes().getFirst().endedAt()).isEqualTo(now.get());
  }

  @Test
  void moreThanTwentyInAMinuteAreTooMany() throws Exception {
    for (var i = 0; i < 20; i++) {
      assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.Stored);
    }
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.TooMany);
    later(Duration.ofMinutes(1));
    assertThat(push(WELL, TOKEN)).isEqualTo(PushAnswer.Stored);
  }

  private PushAnswer push(Signal signal, String token) throws InterruptedException {
    return engine.push(NEXUS, "backup", signal, token);
  }

  private void later(Duration time) {
    now.updateAndGet(it -> it.plus(time));
  }

  private void turn() throws Exception {
    engine.turn(state.read(NEXUS).orElseThrow());
  }

  private MonitorStatus status() {
    return state.read(NEXUS).orElseThrow().getStatus();
  }

  private void awaitTarget(Level level, String message) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              turn();
              var seen = engine.targets().getFirst();
              assertThat(seen.lastChecked()).isNotNull().isAfterOrEqualTo(now.get());
              assertThat(seen.level()).isEqualTo(level);
              assertThat(status().targets().getFirst().message()).startsWith(message);
            });
  }

  private Secrets secrets() {
    return (from, _) ->
        SecretValue.of(
            Optional.ofNullable(secretValues.get(from.secretKeyRef().key()))
                .orElseThrow(() -> new SecretUnavailable("Secret push not found")));
  }

  /** The directory, now and then written by somebody else first, or full. */
  private final class Flaky implements StatusStore {
    @Override
    public Optional<HeartbeatMonitor> read(MonitorKey key) {
      return state.read(key);
    }

    @Override
    public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status)
        throws Conflict, Unavailable {
      if (conflicts.getAndUpdate(it -> Math.max(0, it - 1)) > 0) {
        state.write(state.read(NEXUS).orElseThrow(), status());
        throw new Conflict("somebody else was first");
      }
      if (failures.getAndUpdate(it -> Math.max(0, it - 1)) > 0) {
        throw new Unavailable("no space left on device", null);
      }
      return state.write(decidedOn, status);
    }
  }
}
