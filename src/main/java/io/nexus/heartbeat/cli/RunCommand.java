package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.act.Workloads;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.Runner;
import io.nexus.heartbeat.standalone.StateDirectory;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Watches and tells, continuously and without Kubernetes, until it is stopped. State is"
            + " kept, so that a restart repeats no message.")
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Mixin private final HostOptions host = new HostOptions();
  @Mixin private final LogOptions logs = new LogOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where state is kept, locked: two never act at once. Default: $STATE_DIRECTORY, as systemd"
              + " sets it, else ~/.local/state/heartbeat.")
  private @Nullable Path state;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "Health and metrics; default ${DEFAULT-VALUE}.")
  private String listen = "127.0.0.1:8080";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var mask = new Mask();
    logs.apply(mask);
    var monitors =
        MonitorFiles.read(host.files, Objects.requireNonNull(spec).commandLine().getErr());
    var stop = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    Serving.stopOnSignal(stop::countDown, done);
    try (var directory = StateDirectory.open(directory(), Json.mapper());
        var machinery = new Machinery(Main.version(), mask)) {
      watch(monitors, directory, machinery, stop);
    } catch (StateDirectory.Refused e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    } finally {
      done.countDown();
    }
    return 0;
  }

  private void watch(
      List<HeartbeatMonitor> monitors,
      StateDirectory directory,
      Machinery machinery,
      CountDownLatch stop)
      throws InterruptedException, StateDirectory.Refused {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var secrets = new MaskingSecrets(host.secretFiles(), machinery.mask());
    var surroundings = new Surroundings(dialer, secrets, Endpoints.NONE, machinery.clients());
    var home =
        new HostHome(
            directory,
            Workloads.NONE,
            surroundings,
            (namespace, receiver) -> machinery.channel(namespace, receiver, secrets, dialer));
    var runner = new AtomicReference<@Nullable Runner>();
    var engine =
        machinery.engine(
            home, key -> Optional.ofNullable(runner.get()).ifPresent(r -> r.wake(key)));
    try (var turns = new Runner(engine, directory, InstantSource.system())) {
      runner.set(turns);
      Serving.start(
          machinery,
          Addresses.parse(listen, "--listen"),
          "--listen",
          Optional::empty,
          Optional::empty);
      for (var monitor : monitors) {
        turns.start(directory.adopt(monitor));
      }
      log.info("Heartbeat {} watches {} monitors", Main.version(), monitors.size());
      stop.await();
      log.info("stopping");
    }
  }

  private Path directory() {
    if (state != null) {
      return state;
    }
    var systemd = System.getenv("STATE_DIRECTORY");
    return systemd != null
        ? Path.of(systemd.split(":", -1)[0])
        : Path.of(System.getProperty("user.home"), ".local", "state", "heartbeat");
  }
}
