package io.nexus.heartbeat.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.validation.MonitorFile;
import io.nexus.heartbeat.check.Endpoints;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.standalone.FileSecrets;
import io.nexus.heartbeat.standalone.HostHome;
import io.nexus.heartbeat.standalone.Runner;
import io.nexus.heartbeat.standalone.StateDirectory;
import io.nexus.heartbeat.web.LocalReaders;
import io.nexus.heartbeat.wiring.Machinery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** This host, without Kubernetes: what {@code heartbeat run} is, with a simulated Deployment. */
public final class HostStage implements Stage {
  private static final MonitorKey KEY = new MonitorKey("nexus", "nexus");

  private final Path directory;
  private final Mask mask;
  private final SimulatedDeployment deployment =
      new SimulatedDeployment(new WorkloadRef(WorkloadRef.Kind.Deployment, "gateway"));
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final String created = Instant.now().toString();
  private @Nullable StateDirectory state;
  private @Nullable Neighbours neighbours;
  private @Nullable InetSocketAddress metrics;

  /**
   * @param directory for state, Secrets and the monitor
   */
  public HostStage(Path directory, Mask mask) {
    this.directory = directory;
    this.mask = mask;
  }

  @Override
  public void open(Neighbours watched, Screen screen) throws StageFailure {
    neighbours = watched;
    try {
      var file = directory.resolve("monitor.yaml");
      var yaml = watched.monitor(KEY.namespace());
      Files.writeString(file, yaml);
      writeSecrets(watched);
      var declared = MonitorFile.parse(file.toString(), yaml);
      if (!declared.findings().isEmpty()) {
        throw new StageFailure(declared.findings().toString());
      }
      start(declared.monitors().getFirst());
    } catch (IOException | StateDirectory.Refused e) {
      throw new StageFailure(String.valueOf(e.getMessage()));
    }
  }

  private void start(HeartbeatMonitor monitor) throws IOException, StateDirectory.Refused {
    var kept =
        opened(StateDirectory.open(directory.resolve("state"), JsonMapper.builder().build()));
    state = kept;
    var machinery = opened(new Machinery("demo", mask));
    var dialer = VettedDialer.ofThisMachine(AddressPolicy.host());
    var secrets = new MaskingSecrets(new FileSecrets(directory.resolve("secrets"), null), mask);
    var home =
        new HostHome(
            kept,
            deployment,
            new Surroundings(dialer, secrets, Endpoints.NONE, machinery.clients()),
            (namespace, receiver) -> machinery.channel(namespace, receiver, secrets, dialer));
    var runner = new AtomicReference<@Nullable Runner>();
    var engine =
        machinery.engine(
            home, key -> Optional.ofNullable(runner.get()).ifPresent(r -> r.wake(key)));
    var turns = opened(new Runner(engine, kept, InstantSource.system()));
    runner.set(turns);
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    metrics =
        machinery.serve(
            loopback, "", LocalReaders.of(loopback, null), Optional::empty, Optional::empty);
    turns.start(kept.adopt(monitor));
  }

  private void writeSecrets(Neighbours watched) throws IOException {
    for (var secret : watched.secrets().entrySet()) {
      var folder = Files.createDirectories(directory.resolve("secrets").resolve(secret.getKey()));
      for (var entry : secret.getValue().entrySet()) {
        Files.writeString(folder.resolve(entry.getKey()), entry.getValue());
      }
    }
  }

  private <C extends AutoCloseable> C opened(C resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public Optional<HeartbeatMonitor> monitor() {
    var monitor = state == null ? Optional.<HeartbeatMonitor>empty() : state.read(KEY);
    monitor.ifPresent(m -> m.getMetadata().setCreationTimestamp(created));
    return monitor;
  }

  @Override
  public void hangGateway() {
    if (neighbours != null) {
      neighbours.gateway().hangsWhile(() -> !deployment.isNew());
    }
  }

  @Override
  public boolean isGatewayNew() {
    return deployment.isNew();
  }

  @Override
  public String honestly() {
    return "No Kubernetes here: the same monitor and the same engine. The gateway is an HTTP server"
        + " of this process, its Deployment is simulated, Telegram is a stand-in; PostgreSQL and"
        + " Redis are real.";
  }

  @Override
  public List<String> hints() {
    return List.of(
        "the monitor   " + directory.resolve("monitor.yaml"),
        "its state     " + directory.resolve("state").resolve("nexus.nexus.json"),
        "metrics       curl http://127.0.0.1:"
            + (metrics == null ? 0 : metrics.getPort())
            + "/metrics");
  }

  @Override
  public void close() throws StageFailure {
    TakeDown.all(opened);
  }
}
