package io.nexus.heartbeat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import io.nexus.heartbeat.act.Workloads;
import io.nexus.heartbeat.alert.Courier;
import io.nexus.heartbeat.alert.Tally;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.check.Clients;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.engine.Engine;
import io.nexus.heartbeat.engine.EngineListener;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Names;
import io.nexus.heartbeat.net.Scope;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.Runner;
import io.nexus.heartbeat.standalone.StateDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The engine as it ships, with so many HTTP targets on loopback: how punctual, how dear. Beside it,
 * in the same run, the floor: a bare loop of connect, write, read, close.
 *
 * <p>Run by {@code bench/run}, which says the options.
 */
final class EngineBench {
  private static final int TARGETS_OF_A_MONITOR = 100;
  private static final long PUNCTUAL = Duration.ofMillis(50).toNanos();
  private static final double PUNCTUAL_SHARE = 0.999;

  private final int targets = Integer.getInteger("targets", 1000);
  private final int hanging = Integer.getInteger("hanging", 5);
  private final Duration interval = Duration.ofSeconds(Integer.getInteger("interval", 10));
  private final Duration duration = Duration.ofSeconds(Integer.getInteger("duration", 60));

  private final long[] lateness =
      new long[(int) (targets * (duration.toSeconds() / interval.toSeconds() + 4))];
  private final AtomicInteger measured = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean measuring;

  public static void main(String[] args) throws Exception {
    System.exit(new EngineBench().run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    var server =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EndpointServer.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      var ports =
          new BufferedReader(new InputStreamReader(server.getInputStream(), US_ASCII))
              .readLine()
              .split(" ");
      return measure(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    } finally {
      server.destroy();
    }
  }

  private boolean measure(int answering, int silent) throws Exception {
    var directory = Files.createTempDirectory("heartbeat-bench-");
    try (var deadlines = new Deadlines();
        var clients = Clients.create();
        var courier = new Courier(deadlines, _ -> {}, Tally.NONE);
        var state = StateDirectory.open(directory, JsonMapper.builder().build())) {
      var dialer =
          new VettedDialer(Names.ofThisMachine(), Scope.ofThisMachine(), AddressPolicy.host());
      var home =
          new HostHome(
              state,
              Workloads.NONE,
              new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, clients),
              _ -> {
                throw new AssertionError("nobody is told");
              });
      var runner = new AtomicReference<Runner>();
      var engine =
          new Engine(
              home,
              courier,
              deadlines,
              text -> text,
              InstantSource.system(),
              listener(),
              key -> runner.get().wake(key));
      try (engine;
          var turns = new Runner(engine, state, InstantSource.system())) {
        runner.set(turns);
        for (var first = 0; first < targets; first += TARGETS_OF_A_MONITOR) {
          turns.start(state.adopt(monitor(first, answering, silent)));
        }
        return report(answering);
      }
    } finally {
      try (var files = Files.list(directory)) {
        files.forEach(file -> file.toFile().delete());
      }
      Files.delete(directory);
    }
  }

  private HeartbeatMonitor monitor(int first, int answering, int silent) {
    var yaml = new StringBuilder();
    yaml.append(
            "apiVersion: heartbeat.nexus.io/v1alpha1\nkind: HeartbeatMonitor\nmetadata: {name: m")
        .append(first)
        .append(", namespace: bench}\nspec:\n  interval: ")
        .append(interval.toSeconds())
        .append("s\n  timeout: 5s\n  targets:\n");
    for (var i = first; i < Math.min(targets, first + TARGETS_OF_A_MONITOR); i++) {
      var hangs = i % 100 < hanging;
      yaml.append("  - {name: ")
          .append(hangs ? "hanging-" : "target-")
          .append(i)
          .append(", http: {url: \"http://127.0.0.1:")
          .append(hangs ? silent : answering)
          .append("/\"}}\n");
    }
    var file = MonitorFile.parse("bench", yaml.toString());
    if (!file.findings().isEmpty()) {
      throw new AssertionError(file.findings().toString());
    }
    var monitor = file.monitors().getFirst();
    monitor.setStatus(MonitorStatus.NONE);
    return monitor;
  }

  private EngineListener listener() {
    return new EngineListener() {
      @Override
      public void checked(
          MonitorKey monitor,
          String target,
          Duration late,
          Observation observation,
          Assessment before,
          Assessment after) {
        if (measuring) {
          done.incrementAndGet();
          var index = target.startsWith("hanging") ? lateness.length : measured.getAndIncrement();
          if (index < lateness.length) {
            lateness[index] = late.toNanos();
          }
        }
      }
    };
  }

  private boolean report(int answering) throws Exception {
    Thread.sleep(interval.plusSeconds(5)); // everything was checked once, and compiled
    var cpu = cpuNanos();
    var start = System.nanoTime();
    measuring = true;
    Thread.sleep(duration);
    measuring = false;
    var seconds = (System.nanoTime() - start) / 1e9;
    var spent = (cpuNanos() - cpu) / 1e6;
    var late = Arrays.copyOf(lateness, Math.min(measured.get(), lateness.length));
    Arrays.sort(late);
    var punctual = Arrays.stream(late).filter(nanos -> nanos <= PUNCTUAL).count();
    var share = (double) punctual / late.length;
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    var floor = floor(answering, 2000, 20_000);

    System.out.printf(
        "targets                 %d every %d s, %d %% hanging, %.0f s%n",
        targets, interval.toSeconds(), hanging, seconds);
    System.out.printf(
        "checks a second         %.1f done, %.1f due%n",
        done.get() / seconds, (double) targets / interval.toSeconds());
    System.out.printf(
        "late (healthy ones)     p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        millis(late, 0.5), millis(late, 0.99), millis(late, 1));
    System.out.printf("within 50 ms            %.3f %%%n", share * 100);
    System.out.printf(
        "CPU per 1,000 checks    %.0f ms (floor: %.0f ms, a bare loop in the same process)%n",
        spent / done.get() * 1000, floor);
    System.out.printf(
        "memory                  heap %d MiB after a collection, resident %d MiB%n",
        heap, resident());
    if (share < PUNCTUAL_SHARE) {
      System.out.printf("MISSED: %.1f %% within 50 ms was promised%n", PUNCTUAL_SHARE * 100);
    }
    return share >= PUNCTUAL_SHARE;
  }

  private static double millis(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, Math.round(quantile * (sorted.length - 1)))]
        / 1e6;
  }

  /** CPU milliseconds for 1,000 times connect, write, read, close; nothing is parsed or judged. */
  private static double floor(int port, int warmUp, int count) throws InterruptedException {
    loop(port, warmUp);
    var cpu = cpuNanos();
    loop(port, count);
    return (cpuNanos() - cpu) / 1e6 / count * 1000;
  }

  private static void loop(int port, int count) throws InterruptedException {
    var request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
    var atOnce = new Semaphore(16);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < count; i++) {
        atOnce.acquire();
        threads.execute(
            () -> {
              try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
                socket.getOutputStream().write(request);
                var _ = socket.getInputStream().read(new byte[4096]);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              } finally {
                atOnce.release();
              }
            });
      }
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long resident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElse(0)
          >> 10;
    }
  }
}
