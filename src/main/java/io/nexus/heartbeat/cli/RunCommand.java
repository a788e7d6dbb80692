package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.act.Calls;
import io.nexus.heartbeat.act.WebhookActor;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.standalone.FileFault;
import io.nexus.heartbeat.standalone.FileSecrets;
import io.nexus.heartbeat.standalone.Fleet;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.OrderFiles;
import io.nexus.heartbeat.standalone.RunOnce;
import io.nexus.heartbeat.standalone.Runner;
import io.nexus.heartbeat.standalone.StateDirectory;
import io.nexus.heartbeat.standalone.Systemd;
import io.nexus.heartbeat.standalone.repair.HostActor;
import io.nexus.heartbeat.web.LocalReaders;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
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
    description = {
      "Watches and tells, continuously and without Kubernetes, until it is stopped. State is"
          + " kept, so that a restart repeats no message.",
      "The files are read again when they change, and on SIGHUP; an edit that is broken is said, and"
          + " what ran before goes on.",
      "With --once each target is looked at once, who should know is told, and it ends; the exit code"
          + " is check's then.",
      "Exit code: 0 stopped by SIGTERM, 130 by Ctrl-C, 64 wrong usage, 69 the state directory cannot"
          + " be used, 78 a mistake in a file.%n"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Mixin private final HostOptions host = new HostOptions();
  @Mixin private final LogOptions logs = new LogOptions();
  @Mixin private final RunPlaces places = new RunPlaces();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The token that readers of /api/health/detailed have to bring (Authorization: Bearer)."
              + " Without it only this machine may read, on a loopback address.")
  private @Nullable Path tokenFile;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    var address = places.address();
    var mask = new Mask();
    logs.apply(mask);
    var line = Objects.requireNonNull(spec).commandLine();
    if (host.hasPrinted(line)) {
      return 0;
    }
    var chosen = host.choose(line.getErr(), mask);
    var systemd = Systemd.of(System.getenv());
    var stop = Stop.onSignals();
    var reload = new AtomicBoolean();
    Signals.on("HUP", _ -> reload.set(true));
    var source = chosen.source();
    var monitors = source.read().orFail(line.getErr());
    try (var directory =
            StateDirectory.open(
                places.directory(), Json.mapper(), host.once ? null : source.name());
        var machinery = new Machinery(Main.version(), mask);
        var actor = actor(machinery, chosen.secrets())) {
      var orders = new OrderFiles(places.directory(), directory);
      var home = home(directory, actor, machinery, chosen.secrets());
      if (host.once) {
        return once(monitors, directory, orders, machinery, home, actor);
      }
      var listener =
          new Listener(machinery, address, RunPlaces.LISTEN, LocalReaders.of(address, token()));
      try (var turns = runner(directory, machinery, home)) {
        var fleet = new Fleet(directory, turns);
        var upkeep =
            new Upkeep(source, fleet, orders, directory, machinery, listener, systemd, reload);
        upkeep.start(monitors);
        machinery.hearPresses();
        log.info(
            "Heartbeat {} watches {}",
            Main.version(),
            monitors.size() == 1 ? "1 monitor" : monitors.size() + " monitors");
        stop.started();
        upkeep.until(stop);
        log.info("stopping");
      }
    } catch (StateDirectory.Refused e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      if (host.once) {
        throw new Failure(ExitCode.of(Level.Unknown), "stopped before every target was looked at");
      }
      log.info("stopped while starting");
    }
    return stop.exitCode();
  }

  /** Looked at, told and done; the machinery's end waits for what is on its way to people. */
  private static int once(
      List<HeartbeatMonitor> monitors,
      StateDirectory directory,
      OrderFiles orders,
      Machinery machinery,
      HostHome home,
      HostActor actor)
      throws InterruptedException, StateDirectory.Refused {
    var woken = new Semaphore(0);
    var engine = machinery.engine(home, _ -> woken.release());
    for (var monitor : monitors) {
      var _ = directory.adopt(RunOnce.hasty(monitor));
    }
    try {
      var level =
          new RunOnce(
                  engine,
                  directory,
                  woken,
                  machinery::undelivered,
                  () -> orders.give(_ -> {}) | engine.buttons().lookOnce(),
                  actor::isActing)
              .of(monitors);
      if (level != Level.Healthy) {
        var statuses = monitors.stream().map(it -> directory.read(MonitorKey.of(it))).toList();
        log.warn("{}: {}", level, StatusLine.of(statuses, false, Optional.empty()));
      }
      return ExitCode.of(level);
    } catch (StatusStore.Unavailable e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private HostActor actor(Machinery machinery, FileSecrets files) {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var secrets = new MaskingSecrets(files, machinery.mask());
    var calls =
        new Calls(machinery.clients().http(), machinery.deadlines(), _ -> dialer, _ -> secrets);
    var clock = InstantSource.system();
    return new HostActor(
        new WebhookActor(calls, clock),
        places.directory(),
        Json.mapper(),
        machinery.mask()::apply,
        clock,
        System.getenv().getOrDefault("PATH", ""));
  }

  private static HostHome home(
      StateDirectory directory, HostActor actor, Machinery machinery, FileSecrets files) {
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var secrets = new MaskingSecrets(files, machinery.mask());
    var surroundings = new Surroundings(dialer, secrets, Endpoints.NONE, machinery.clients());
    return new HostHome(
        directory,
        actor,
        directory.budget(),
        surroundings,
        (namespace, receiver) -> machinery.channel(namespace, receiver, secrets, dialer));
  }

  private static Runner runner(StateDirectory directory, Machinery machinery, HostHome home) {
    var runner = new AtomicReference<@Nullable Runner>();
    var engine =
        machinery.engine(
            home, key -> Optional.ofNullable(runner.get()).ifPresent(r -> r.wake(key)));
    var made = new Runner(engine, directory, InstantSource.system());
    runner.set(made);
    return made;
  }

  private @Nullable String token() {
    if (tokenFile == null) {
      return null;
    }
    try {
      var token = Files.readString(tokenFile).strip();
      if (token.isEmpty()) {
        throw new Failure(ExitCode.CONFIG, "--token-file " + tokenFile + " is empty");
      }
      return token;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.CONFIG,
          "--token-file: cannot read " + tokenFile + ": " + FileFault.of(tokenFile, e));
    }
  }
}
