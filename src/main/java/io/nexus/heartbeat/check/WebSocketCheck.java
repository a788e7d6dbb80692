package io.nexus.heartbeat.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.api.WebSocketTarget.TokenIn;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.net.ws.WebSocket;
import io.nexus.heartbeat.net.ws.WebSocket.Opening;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket: its handshake, its first message, an answer and a pong. */
record WebSocketCheck(WebSocketTarget target, Surroundings surroundings) implements Check {

  static Check of(WebSocketTarget target, Surroundings surroundings) {
    return new WebSocketCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    // What is sent may come back in any answer, and not only as it was sent.
    var mask = new Mask();
    var begun = System.nanoTime();
    try {
      var request = request(new MaskingSecrets(surroundings.secrets(), mask));
      var opening =
          WebSocket.open(
              surroundings.clients().http(),
              request,
              target.subprotocol(),
              surroundings.dialer(),
              deadline);
      return switch (opening) {
        case Opening.Refused(var response) -> refused(response, mask);
        case Opening.Opened(var response, var socket) ->
            new WebSocketTalk(target, credentials(), socket, mask, measured(response), begun)
                .held();
      };
    } catch (SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Faults.reading(e, mask::apply);
    }
  }

  private Request request(Secrets secrets) throws SecretUnavailable, IOException {
    var uri = uri("");
    var host = Authority.of(uri).host();
    var from = target.tokenFrom();
    // A file's last line break is no part of a token.
    var token = from == null ? "" : secrets.read(from, host).text().strip();
    var inQuery = from != null && target.tokenIn() == TokenIn.Query;
    var request =
        new SentHeaders(target.headers())
            .onto(Request.of("GET", inQuery ? uri(parameter(uri, token)) : uri), host, secrets)
            .with(Trust.of(target.tls(), surroundings.secrets()));
    if (from == null || inQuery) {
      return request;
    }
    if (request.headers().stream().anyMatch(h -> h.name().equalsIgnoreCase("Authorization"))) {
      throw new Misconfigured("both tokenFrom and a header Authorization are set; one is right");
    }
    return request.with("Authorization", "Bearer " + token);
  }

  /** As HTTP has it: the handshake is a request to http:// or https://. */
  private URI uri(String more) throws Misconfigured {
    try {
      return new URI("http" + target.url().substring("ws".length()) + more);
    } catch (URISyntaxException e) {
      // Without what it quotes, which may hold the token.
      throw new Misconfigured("the url is not valid: " + e.getReason() + " at " + e.getIndex());
    }
  }

  private String parameter(URI uri, String token) {
    return (uri.getRawQuery() == null ? "?" : "&")
        + target.tokenParameter()
        + "="
        + URLEncoder.encode(token, UTF_8).replace("+", "%20");
  }

  private List<String> credentials() {
    var names = new ArrayList<String>();
    var from = target.tokenFrom();
    if (from != null) {
      names.add(Words.nameOf(from));
    }
    names.addAll(new SentHeaders(target.headers()).credentials());
    return names;
  }

  private static Measurements measured(Response response) {
    return HttpProbe.measured(response, response.total())
        .with("handshakeLatency", response.total().toNanos() / 1e9);
  }

  private Reading refused(Response response, Mask mask) {
    var words = mask.apply(JsonApi.words(response));
    var measured = measured(response);
    var credentials = credentials();
    return switch (response.status()) {
      case 401, 403 ->
          new Reading.Unknown(
              words
                  + (credentials.isEmpty()
                      ? ": set tokenFrom"
                      : ": the value of "
                          + String.join(" and ", credentials)
                          + " is not accepted"));
      case 429 ->
          new Reading.Up(
              measured.without("firstFrameLatency", "rate limited").with("note", "rate limited"));
      case 301, 302, 303, 307, 308 ->
          new Reading.Down(
              words + ": a WebSocket follows no redirect; set url to where it leads", measured);
      default ->
          new Reading.Down(
              response.status() >= 500 ? words : words + " instead of a WebSocket", measured);
    };
  }
}
