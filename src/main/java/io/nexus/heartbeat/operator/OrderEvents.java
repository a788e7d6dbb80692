package io.nexus.heartbeat.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.engine.MonitorKey;
import java.net.HttpURLConnection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Event on the monitor for each order. Best effort, unlike those of incidents: what came of the
 * order is in the status and its condition, where it stands until there is another.
 */
record OrderEvents(KubernetesClient client, String instance) {
  private static final Logger log = LoggerFactory.getLogger(OrderEvents.class);

  void say(MonitorKey monitor, String uid, Handled order) {
    var _ =
        Thread.ofVirtual()
            .name("order of " + monitor)
            .start(() -> create(monitor, event(monitor, uid, order)));
  }

  private void create(MonitorKey monitor, Event event) {
    try {
      client.events().v1().events().inNamespace(monitor.namespace()).resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        log.warn("{}: no Event says what came of an order: {}", monitor, ApiFailure.words(e));
      }
    }
  }

  private Event event(MonitorKey monitor, String uid, Handled order) {
    var taken = order.outcome() == Outcome.Taken;
    return new EventBuilder()
        .withNewMetadata()
        .withName(EventsChannel.start(monitor) + "." + id(uid, order))
        .withNamespace(monitor.namespace())
        .endMetadata()
        .withEventTime(new MicroTime(EventsChannel.MICROS.format(order.at())))
        .withType(taken ? "Normal" : "Warning")
        .withReason(taken ? "OrderTaken" : "OrderRefused")
        .withAction("Order")
        .withNote(
            EventsChannel.note(
                "%s, by %s: %s".formatted(order.order().word(), order.by(), order.message())))
        .withReportingController(EventsChannel.CONTROLLER)
        .withReportingInstance(instance)
        .withRegarding(EventsChannel.regarding(monitor, uid))
        .build();
  }

  /** The same order makes the same name, whoever says it. */
  private static String id(String uid, Handled order) {
    var what = uid + " " + order.order() + " " + order.value() + " " + order.at();
    return UUID.nameUUIDFromBytes(what.getBytes(UTF_8)).toString().replace("-", "");
  }
}
