package io.nexus.heartbeat.operator.kubelet;

import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.secret.SecretValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a kubelet for its summary. It needs {@code get nodes/stats} and nothing else, never {@code
 * nodes/proxy}, by which one may run commands in every pod.
 *
 * @param trust whose certificates are believed; whoever it is gets the token
 */
record KubeletClient(
    Http http, Dialer dialer, TlsSettings trust, Deadlines deadlines, Duration patience) {
  /** Of 250 pods it is about 1 MB. */
  private static final int MOST_BYTES = 8 << 20;

  private static final String PATH = "/stats/summary";

  /** Where a node's kubelet is, as its Node object says. */
  record Place(String node, InetAddress address, int port) {
    private URI uri() {
      var host = address.getHostAddress();
      return URI.create(
          "https://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + PATH);
    }
  }

  /**
   * @param at when, by the kubelet's clock; null when it does not say
   */
  record Told(Summary summary, @Nullable Instant at) {}

  /**
   * @throws NotTold why not, and what to do about it
   */
  Told ask(Place place, SecretValue token) throws NotTold {
    var request =
        Request.of("GET", place.uri())
            .with("Authorization", "Bearer " + token.text())
            .with(trust)
            .readingAtMost(MOST_BYTES);
    try (var deadline = deadlines.start(patience);
        var reader = new SummaryReader()) {
      var response = http.send(request, reader, dialer, deadline);
      if (response.status() != 200) {
        throw new NotTold(refusal(place.node(), response));
      }
      if (response.truncated()) {
        throw unasked(place.node(), "answered with more than " + (MOST_BYTES >> 20) + " MiB");
      }
      return new Told(reader.told(), date(response));
    } catch (IOException e) {
      throw unasked(place.node(), Fault.of(e).words());
    }
  }

  static NotTold unasked(String node, String why) {
    return new NotTold(
        "the kubelet of node %s cannot be asked: %s%s"
            .formatted(
                node,
                why,
                why.startsWith("certificate")
                    ? "; --kubelet-certificate-authority names who signs kubelets' certificates"
                    : ""));
  }

  private static String refusal(String node, Response response) {
    var status = "HTTP " + (response.status() + " " + response.reason()).strip();
    return "the kubelet of node "
        + node
        + switch (response.status()) {
          case 401 ->
              " does not know Heartbeat's token: %s; its authentication.webhook must be enabled"
                  .formatted(status);
          case 403 ->
              " does not let Heartbeat get nodes/stats: %s; %s".formatted(status, KubeletStats.FIX);
          default -> " answered GET %s with %s".formatted(PATH, status);
        };
  }

  private static @Nullable Instant date(Response response) {
    try {
      return response
          .header("Date")
          .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
          .orElse(null);
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
