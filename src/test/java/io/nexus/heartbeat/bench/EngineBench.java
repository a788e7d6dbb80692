package io.nexus.heartbeat.bench;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.LogChannel;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.engine.Engine;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.Runner;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/** The engine with many targets: does it keep its timetable, and at what cost? */
final class EngineBench {
  private static final int TARGETS_OF_A_MONITOR = 100;
  private static final Duration LIMIT = Duration.ofMillis(50);
  private static final double SHARE = 0.999;
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private final Options options;
  private final Lateness lateness;
  private final Statuses statuses = new Statuses();
  private final Stalls stalls = new Stalls();

  private EngineBench(Options options) {
    this.options = options;
    this.lateness = new Lateness(options.due(options.targets()) * 2);
  }

  public static void main(String[] args) throws Exception {
    System.exit(new EngineBench(Options.of(args)).run() ? 0 : 1);
  }

  /** What one run cost. */
  private record Cost(
      double cpu, double heap, double resident, double stall, double machineStall) {}

  private boolean run() throws IOException, InterruptedException {
    var cost = measured();
    var checks = lateness.healthy() + lateness.hanging();
    var seconds = options.duration().toMillis() / 1e3;
    var floor =
        new Floor(options.port())
            .cpuPerThousand(checks / seconds, Duration.ofSeconds(Math.min(20, (long) seconds)));
    return report(cost, checks, seconds, floor);
  }

  private Cost measured() throws IOException, InterruptedException {
    var wake = new AtomicReference<Runner>();
    try (var deadlines = new Deadlines();
        var clients = Clients.create();
        var courier = new Courier(deadlines, _ -> {}, Tally.NONE)) {
      var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
      var around =
          new Surroundings(dialer, Secrets.NONE, io.nexus.heartbeat.check.Endpoints.NONE, clients);
      var home = new HostHome(statuses, Actor.NONE, around, (_, _) -> new LogChannel());
      var clock = InstantSource.system();
      try (var engine =
              new Engine(
                  home,
                  courier,
                  deadlines,
                  text -> text,
                  clock,
                  lateness,
                  key -> requireNonNull(wake.get()).wake(key));
          var runner = new Runner(engine, statuses, clock)) {
        wake.set(runner);
        for (var monitor : monitors()) {
          statuses.put(monitor);
          runner.start(monitor);
        }
        // Until every target has its place and the code is compiled: two rounds.
        Thread.sleep(options.interval().multipliedBy(2).plusSeconds(2));
        var begin = Instant.now();
        var _ = stalls.longest() + Endpoints.longestStall(options.port());
        var cpu = Machine.cpuMillis();
        lateness.measure(begin, begin.plus(options.duration()));
        Thread.sleep(options.duration());
        cpu = Machine.cpuMillis() - cpu;
        var resident = Machine.resident();
        var stall = stalls.longest();
        var machineStall = Endpoints.longestStall(options.port());
        Thread.sleep(options.timeout().plus(LAST_ANSWERS)); // of checks begun at the very end
        return new Cost(cpu, Machine.heapAfterGc(), resident, stall, machineStall);
      }
    }
  }

  private List<HeartbeatMonitor> monitors() {
    var monitors = new ArrayList<HeartbeatMonitor>();
    for (var from = 0; from < options.targets(); from += TARGETS_OF_A_MONITOR) {
      var targets = new ArrayList<Target>();
      for (var i = from; i < Math.min(options.targets(), from + TARGETS_OF_A_MONITOR); i++) {
        // Spread over the monitors, as they would be.
        var hangs =
            (long) (i + 1) * options.hangingTargets() / options.targets()
                > (long) i * options.hangingTargets() / options.targets();
        targets.add(target(hangs ? "hanging-" + i : "t-" + i, hangs ? "hang" : "" + i));
      }
      var monitor = new HeartbeatMonitor();
      monitor.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace("bench")
              .withName("m" + from)
              .withUid("uid-" + from)
              .withGeneration(1L)
              .build());
      monitor.setSpec(
          new MonitorSpec(options.interval(), options.timeout(), false, null, targets, null, null));
      monitors.add(monitor);
    }
    return monitors;
  }

  private Target target(String name, String path) {
    var url = "http://127.0.0.1:" + options.port() + "/" + path;
    var http = new HttpTarget(url, null, "/", "GET", List.of(), null, null, null);
    return ATarget.of(name, http).patient(3, 1).build();
  }

  private boolean report(Cost cost, long checks, double seconds, double floor) {
    var due = options.due(options.targets());
    var dueHealthy = options.due(options.targets() - options.hangingTargets());
    var early = lateness.within(LIMIT, dueHealthy);
    say(
        "targets                          %d every %s, %d of them hanging",
        options.targets(),
        options.interval().toString().substring(2).toLowerCase(Locale.ROOT),
        options.hangingTargets());
    say("checks a second, done / due      %.1f / %.1f", checks / seconds, due / seconds);
    say("wrong readings                   %d", lateness.wrong());
    say(
        "start delay p50 / p99 / max      %.2f / %.2f / %.2f ms (healthy targets)",
        lateness.percentile(0.5), lateness.percentile(0.99), lateness.percentile(1));
    say(
        "longest stall                    %.2f ms in the engine, %.2f ms in an idle process beside it",
        cost.stall(), cost.machineStall());
    say("healthy ones within %d ms        %.3f %%", LIMIT.toMillis(), Math.min(1, early) * 100);
    say("CPU for 1,000 checks             %.0f ms", cost.cpu() * 1000 / checks);
    say("  a bare connect-write-read-close  %.0f ms", floor);
    say("heap after a collection          %.1f MiB of %.0f", cost.heap(), Machine.heapMax());
    say("resident memory                  %.0f MiB", cost.resident());
    say("measured for                     %.0f s on %s", seconds, Machine.words());
    var good = early >= SHARE && lateness.wrong() == 0;
    if (!good) {
      say(
          "FAILED: %.1f %% of the healthy targets' checks must start within %d ms, with no wrong"
              + " reading",
          SHARE * 100, LIMIT.toMillis());
    }
    return good;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
