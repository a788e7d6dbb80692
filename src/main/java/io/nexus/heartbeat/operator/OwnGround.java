package io.nexus.heartbeat.operator;

import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.VettedDialer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What we stand on ourselves: that the API server and DNS answer. */
final class OwnGround {
  /** Every cluster has it; that it does not exist is an answer too. */
  private static final String NAME = "kubernetes.default.svc";

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** All monitors ask at once, for all fail at once. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Server server;
  private final Dialer machine;
  private @Nullable Answer last;

  /** Why the API server does not answer; empty: it does. */
  @FunctionalInterface
  interface Server {
    Optional<String> silence() throws InterruptedException;
  }

  private record Answer(Optional<String> trouble, long nanos) {}

  OwnGround(ServerClock server) {
    this(server::silence, VettedDialer.ofThisMachine(AddressPolicy.host()));
  }

  OwnGround(Server server, Dialer machine) {
    this.server = server;
    this.machine = machine;
  }

  /** What does not work; empty: all of it does. */
  synchronized Optional<String> trouble() throws InterruptedException {
    if (last == null || System.nanoTime() - last.nanos() > FRESH.toNanos()) {
      var silent = server.silence();
      last = new Answer(silent.isPresent() ? silent : dns(), System.nanoTime());
    }
    return last.trouble();
  }

  private Optional<String> dns() {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(PATIENCE)) {
      var _ = machine.resolve(NAME, deadline);
      return Optional.empty();
    } catch (Dialer.NoSuchHost | Dialer.AddressRefused _) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("DNS does not answer: " + e.getMessage());
    }
  }
}
