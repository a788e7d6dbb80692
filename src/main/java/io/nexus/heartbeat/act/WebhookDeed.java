package io.nexus.heartbeat.act;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Asks a program of one's own. There is nothing here to compare and set, so it is asked at least
 * once, each time by the same key, by which whoever is asked can do it once.
 */
record WebhookDeed(Calls calls, Webhook webhook, InstantSource clock) implements Deed {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 4096;
  private static final int MOST_WORDS = 200;

  /** It may be otherwise soon: RFC 9110, 15.5.9, RFC 8470, RFC 6585. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    return new Facts.Found(
        "",
        null,
        0,
        null,
        new Effect.Complete("it was called, and took it"),
        null,
        "asks " + webhook.subject().name() + " to repair it",
        List.of());
  }

  @Override
  public Outcome perform(MonitorRef monitor, Due due) {
    if (!clock.instant().isBefore(due.plan().deadline())) {
      return new Outcome.Refused("the plan's time was over at " + due.plan().deadline());
    }
    try (var deadline = calls.deadlines().start(webhook.timeout())) {
      var url = url(monitor);
      var body = body(monitor, due);
      var request =
          Request.of("POST", url)
              .with("Content-Type", "application/json")
              // draft-ietf-httpapi-idempotency-key-header: a structured field, so in quotes
              .with("Idempotency-Key", "\"" + due.plan().id() + "\"")
              .withBody(body)
              .readingAtMost(MOST_BYTES);
      var signature = signature(monitor, url, body);
      if (signature.isPresent()) {
        request = request.with("Heartbeat-Signature", signature.get());
      }
      return outcome(calls.http().send(request, calls.dialers().apply(monitor), deadline));
    } catch (SecretUnavailable e) {
      return new Outcome.Refused(webhook.subject() + ": " + e.getMessage());
    } catch (IllegalArgumentException _) {
      return new Outcome.Refused(
          webhook.subject() + ": what is there is not a URL; it must be like https://host/path");
    } catch (IOException e) {
      return new Outcome.Failed(webhook.subject() + ": " + Fault.of(e).words());
    }
  }

  private URI url(MonitorRef monitor) throws SecretUnavailable {
    var from = webhook.urlFrom();
    var text = from == null ? webhook.url() : calls.secrets().apply(monitor).read(from, "").text();
    var url = URI.create(String.valueOf(text));
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new IllegalArgumentException();
    }
    return url;
  }

  private static byte[] body(MonitorRef monitor, Due due) throws IOException {
    var body = JSON.createObjectNode();
    body.put("apiVersion", HeartbeatMonitor.GROUP + "/" + HeartbeatMonitor.VERSION);
    body.put("kind", "RepairRequest");
    body.put("id", due.plan().id());
    body.put("namespace", monitor.namespace());
    body.put("monitor", monitor.name());
    body.put("target", due.occasion().target());
    body.put("level", due.occasion().level().name());
    body.put("cause", due.occasion().cause());
    body.put("plannedAt", due.plan().plannedAt().toString());
    body.put("deadline", due.plan().deadline().toString());
    return JSON.writeValueAsBytes(body);
  }

  private Optional<String> signature(MonitorRef monitor, URI url, byte[] body)
      throws SecretUnavailable {
    var from = webhook.signingKeyFrom();
    if (from == null) {
      return Optional.empty();
    }
    var key = calls.secrets().apply(monitor).read(from, url.getHost()).text();
    var seconds = Long.toString(clock.instant().getEpochSecond());
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      mac.update((seconds + ".").getBytes(UTF_8));
      return Optional.of("t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SecretUnavailable(from + ": cannot be used as a key: " + e.getMessage());
    }
  }

  private Outcome outcome(Response response) {
    var status = response.status();
    var said = Plain.text(new String(response.body(), UTF_8), MOST_WORDS);
    var why = webhook.subject() + ": HTTP " + status + (said.isEmpty() ? "" : ": " + said);
    if (status / 100 == 2) {
      return new Outcome.Done();
    }
    return status >= 500 || PASSING.contains(status)
        ? new Outcome.Failed(why)
        : new Outcome.Refused(why);
  }
}
