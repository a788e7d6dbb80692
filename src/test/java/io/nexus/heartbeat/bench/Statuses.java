package io.nexus.heartbeat.bench;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Statuses in memory: what is measured is the engine. */
final class Statuses implements StatusStore {
  private final Map<MonitorKey, HeartbeatMonitor> monitors = new ConcurrentHashMap<>();

  void put(HeartbeatMonitor monitor) {
    monitors.put(MonitorKey.of(monitor), monitor);
  }

  @Override
  public Optional<HeartbeatMonitor> read(MonitorKey key) {
    return Optional.ofNullable(monitors.get(key));
  }

  @Override
  public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status) {
    var written = new HeartbeatMonitor();
    written.setMetadata(decidedOn.getMetadata());
    written.setSpec(decidedOn.getSpec());
    written.setStatus(status);
    put(written);
    return written;
  }
}
