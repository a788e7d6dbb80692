package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.StatusStore;
import java.net.HttpURLConnection;
import java.util.Optional;

/** The status subresource, by PUT with the resourceVersion that was decided on. */
final class ClusterStatusStore implements StatusStore {
  /** The role for monitors and their status, that every watched namespace needs. */
  static final String WATCHER_ROLE = "heartbeat-watcher";

  private final KubernetesClient client;
  private final MonitorEvents events;

  ClusterStatusStore(KubernetesClient client, MonitorEvents events) {
    this.client = client;
    this.events = events;
  }

  @Override
  public Optional<HeartbeatMonitor> read(MonitorKey key) throws Unavailable {
    try {
      var live =
          Optional.ofNullable(
                  client
                      .resources(HeartbeatMonitor.class)
                      .inNamespace(key.namespace())
                      .withName(key.name())
                      .get())
              .filter(monitor -> !monitor.isMarkedForDeletion());
      live.ifPresent(
          monitor -> {
            events.remember(monitor);
            // What the watch brings of it later is no news any more, so nothing else would make
            // the reconciler look at a spec or an order that came with it.
            events.wake(key);
          });
      return live;
    } catch (KubernetesClientException e) {
      throw unavailable("cannot be read", key, e);
    }
  }

  @Override
  public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status)
      throws Conflict, Unavailable {
    var key = MonitorKey.of(decidedOn);
    try {
      var stored = client.resource(withStatusOnly(decidedOn, status)).updateStatus();
      events.remember(stored);
      return stored;
    } catch (KubernetesClientException e) {
      switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT ->
            throw new Conflict("monitor " + key + " was changed since it was read");
        case HttpURLConnection.HTTP_NOT_FOUND -> throw new Conflict("monitor " + key + " is gone");
        default -> throw unavailable("cannot be written", key, e);
      }
    }
  }

  /**
   * The API server takes nothing but the status from a PUT of the status (Kubernetes API
   * conventions, "Spec and Status"), so nothing else is sent: fields that we do not know are in no
   * danger, and neither is a version of the spec that changed meanwhile. The uid makes a monitor
   * that was made anew under the same name a conflict.
   */
  private static HeartbeatMonitor withStatusOnly(HeartbeatMonitor monitor, MonitorStatus status) {
    var metadata = monitor.getMetadata();
    var body = new HeartbeatMonitor();
    body.setMetadata(
        new ObjectMetaBuilder()
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .withUid(metadata.getUid())
            .withResourceVersion(versionOf(monitor))
            .build());
    body.setStatus(status);
    return body;
  }

  /** Without one Fabric8 would read the newest and overwrite it. */
  private static String versionOf(HasMetadata resource) {
    var version = resource.getMetadata().getResourceVersion();
    if (version == null) {
      throw new IllegalArgumentException("a status can only be written to what was read before");
    }
    return version;
  }

  private static Unavailable unavailable(String what, MonitorKey key, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
      return new Unavailable(
          "status of monitor %s %s: %s. To allow it: %s"
              .formatted(
                  key,
                  what,
                  ApiFailure.words(e),
                  ApiFailure.grant(e, WATCHER_ROLE, key.namespace())),
          e);
    }
    return new Unavailable(
        "status of monitor %s %s: %s".formatted(key, what, ApiFailure.words(e)), e);
  }
}
