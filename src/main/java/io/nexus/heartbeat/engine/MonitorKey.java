package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.HeartbeatMonitor;

/** A monitor's namespace and name. */
public record MonitorKey(String namespace, String name) {
  public static MonitorKey of(HeartbeatMonitor monitor) {
    return new MonitorKey(monitor.getMetadata().getNamespace(), monitor.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
