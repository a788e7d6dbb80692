package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.standalone.OrderFiles;
import io.nexus.heartbeat.standalone.StateDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The state directory of {@code heartbeat run}, which that process holds. */
record HostDesk(Path state, String namespace, String again) implements Desk {

  @Override
  public List<HeartbeatMonitor> monitors() {
    try {
      return StateDirectory.look(state, Json.mapper());
    } catch (StateDirectory.Refused e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<HeartbeatMonitor> monitor(MonitorKey key) {
    return monitors().stream().filter(monitor -> MonitorKey.of(monitor).equals(key)).findFirst();
  }

  /** Who became root is who gives it. */
  @Override
  public String who() {
    var before = System.getenv("SUDO_USER");
    return before == null || before.isEmpty() ? System.getProperty("user.name") : before;
  }

  @Override
  public void give(MonitorKey key, Order order, String text) {
    try {
      OrderFiles.leave(state, key, order, text);
    } catch (StateDirectory.Refused e) {
      throw new Failure(ExitCode.CANNOT_CREATE, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<String> asleep() {
    return StateDirectory.isInUse(state).orElse(true)
        ? Optional.empty()
        : Optional.of("no heartbeat runs on " + state + " now");
  }

  @Override
  public void close() {}
}
