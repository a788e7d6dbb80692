package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Kubernetes Events on the monitor, one for each happening. The name comes from the incident and
 * the happening's number, so that telling it again is AlreadyExists and it stands there once.
 */
record EventsChannel(KubernetesClient client, MonitorKey monitor, String uid, String instance)
    implements Channel {
  static final String CONTROLLER = HeartbeatMonitor.GROUP + "/heartbeat";

  /** Kubernetes: "regarding.note … no more than 1kB" (events.k8s.io/v1 validation, 1024 bytes). */
  private static final int NOTE_BYTES = 1024;

  private static final int UNPROCESSABLE = 422;
  static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Override
  public Answer send(Notice notice, Deadline deadline) throws InterruptedException {
    for (var happening : notice.news()) {
      try {
        client
            .events()
            .v1()
            .events()
            .inNamespace(monitor.namespace())
            .resource(event(notice, happening))
            .create();
      } catch (KubernetesClientException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        switch (e.getCode()) {
          case HttpURLConnection.HTTP_CONFLICT -> {
            // told before
          }
          case HttpURLConnection.HTTP_NOT_FOUND, UNPROCESSABLE -> {
            return new Answer.Refused(ApiFailure.words(e));
          }
          // The namespace is being deleted, or a right is missing, which may be given later.
          case HttpURLConnection.HTTP_FORBIDDEN -> {
            return new Answer.Later(
                ApiFailure.words(e)
                    + ". To allow it: "
                    + ApiFailure.grant(e, ClusterStatusStore.WATCHER_ROLE, monitor.namespace()),
                null);
          }
          default -> {
            return new Answer.Later(ApiFailure.words(e), null);
          }
        }
      }
    }
    return new Answer.Delivered(null);
  }

  /** What it is called in metrics and in the spec. */
  public String kind() {
    return "events";
  }

  @Override
  public String destination() {
    return "events/" + monitor.namespace();
  }

  private Event event(Notice notice, Happening happening) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name(notice, happening))
        .withNamespace(monitor.namespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(happening.at())))
        .withType(isGood(happening) ? "Normal" : "Warning")
        .withReason(happening.kind().name())
        .withAction(action(happening))
        .withNote(note(notice.target() + ": " + happening.text()))
        .withReportingController(CONTROLLER)
        .withReportingInstance(instance)
        .withRegarding(regarding(monitor, uid))
        .build();
  }

  static ObjectReference regarding(MonitorKey monitor, String uid) {
    return new ObjectReferenceBuilder()
        .withApiVersion(HasMetadata.getApiVersion(HeartbeatMonitor.class))
        .withKind("HeartbeatMonitor")
        .withNamespace(monitor.namespace())
        .withName(monitor.name())
        .withUid(uid)
        .build();
  }

  /** A DNS subdomain of 253 characters at most; the incident's id is 128 bits in hexadecimal. */
  private String name(Notice notice, Happening happening) {
    return start(monitor) + "." + notice.incident() + "." + happening.seq();
  }

  static String start(MonitorKey monitor) {
    var start = monitor.name().substring(0, Math.min(200, monitor.name().length()));
    return start.replaceAll("[.-]+$", "");
  }

  private static boolean isGood(Happening happening) {
    return switch (happening.kind()) {
      case Improved, RepairHelped, Resolved, Planned, Unwatched, Acknowledged, Reset -> true;
      case Notify -> happening.level() == Level.Healthy;
      case Opened, Worsened, Blocked, AwaitingApproval, RepairFailed, Exhausted -> false;
    };
  }

  private static String action(Happening happening) {
    return switch (happening.kind()) {
      case Blocked, AwaitingApproval, Planned, RepairHelped, RepairFailed, Exhausted -> "Repair";
      case Opened, Worsened, Improved, Notify, Resolved, Unwatched -> "Check";
      case Acknowledged, Reset -> "Order";
    };
  }

  /** At most 1024 bytes, no character cut in two. */
  static String note(String text) {
    var clean = Plain.text(text, NOTE_BYTES);
    if (clean.getBytes(StandardCharsets.UTF_8).length <= NOTE_BYTES) {
      return clean;
    }
    var mark = "…";
    var room = ByteBuffer.allocate(NOTE_BYTES - mark.getBytes(StandardCharsets.UTF_8).length);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(clean), room, true);
    return new String(room.array(), 0, room.position(), StandardCharsets.UTF_8) + mark;
  }
}
