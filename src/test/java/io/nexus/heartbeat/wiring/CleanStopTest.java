package io.nexus.heartbeat.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.Runner;
import io.nexus.heartbeat.standalone.StateDirectory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that is told to stop while a message is on its way. */
class CleanStopTest {
  private final CountDownLatch sending = new CountDownLatch(1);
  private final CountDownLatch arrives = new CountDownLatch(1);

  @TempDir private Path directory;

  @Test
  void aMessageThatArrivesWhileItStopsIsInTheLedgerSoThatARestartDoesNotRepeatIt()
      throws Exception {
    try (var state = StateDirectory.open(directory, JsonMapper.builder().build())) {
      try (var machinery = new Machinery("test", new Mask());
          var turns = watching(state, machinery)) {
        assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
        turns.close();
        arrives.countDown();
      }
      var kept = state.read(new MonitorKey("default", "shop")).orElseThrow().getStatus();
      assertThat(kept.state().incidents().getFirst().told())
          .extracting(Told::receiver)
          .containsExactly("ops");
    }
  }

  private Runner watching(StateDirectory state, Machinery machinery) throws Exception {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var around = new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, machinery.clients());
    var home = new HostHome(state, Actor.NONE, around, (_, _) -> new Slow());
    var runner = new AtomicReference<@Nullable Runner>();
    var engine =
        machinery.engine(
            home, key -> Optional.ofNullable(runner.get()).ifPresent(it -> it.wake(key)));
    var turns = new Runner(engine, state, InstantSource.system());
    runner.set(turns);
    turns.start(state.adopt(monitor()));
    return turns;
  }

  private static HeartbeatMonitor monitor() throws Exception {
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return MonitorFile.parse(
              "test",
              """
              apiVersion: heartbeat.nexus.io/v1alpha1
              kind: HeartbeatMonitor
              metadata: {name: shop, namespace: default}
              spec:
                targets:
                - {name: a, interval: 1s, failureThreshold: 1, tcp: {host: 127.0.0.1, port: %d}}
                alerts: {receivers: [{name: ops, events: {}}]}
              """
                  .formatted(closed.getLocalPort()))
          .monitors()
          .getFirst();
    }
  }

  /** Its message arrives only when it is told to. */
  private final class Slow implements Channel {
    @Override
    public Answer send(Notice notice, Deadline deadline) throws InterruptedException {
      sending.countDown();
      arrives.await();
      return new Answer.Delivered(null);
    }

    @Override
    public String destination() {
      return "slow";
    }

    @Override
    public String kind() {
      return "slow";
    }
  }
}
