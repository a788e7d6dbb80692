package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.HttpTarget.Header;
import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.api.WebSocketTarget.Exchange;
import io.nexus.heartbeat.api.WebSocketTarget.Expect;
import io.nexus.heartbeat.api.WebSocketTarget.TokenIn;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A webSocket check as a test says it, piece by piece. */
final class WebSocketProbing {
  /** With what URLs, JSON and HTML would each write in another way. */
  static final String TOKEN = "s3cr3t/t+k&n\"=%-of-quite-some-length";

  private static final Clients CLIENTS = Clients.create();

  private String url;
  private @Nullable ValueFrom token;
  private @Nullable TokenIn tokenIn;
  private List<Header> headers = List.of();
  private @Nullable String subprotocol;
  private @Nullable String contains;
  private @Nullable Duration maxLatency;
  private @Nullable Exchange send;
  private boolean ping = true;
  private @Nullable CertificateAuthority trusted;

  private WebSocketProbing(String url) {
    this.url = url;
  }

  static WebSocketProbing at(String url) {
    return new WebSocketProbing(url);
  }

  static WebSocketProbing to(ScriptedServer server) {
    return new WebSocketProbing("ws://gateway.test:" + server.port() + "/ws");
  }

  WebSocketProbing token(TokenIn where) {
    return token(where, "token");
  }

  WebSocketProbing token(TokenIn where, String key) {
    token = new ValueFrom(new SecretKeyRef("gateway", key));
    tokenIn = where;
    return this;
  }

  WebSocketProbing header(String name, @Nullable String value) {
    var from = value == null ? new ValueFrom(new SecretKeyRef("gateway", "token")) : null;
    headers = List.of(new Header(name, value, from));
    return this;
  }

  WebSocketProbing query(String query) {
    url = url + query;
    return this;
  }

  WebSocketProbing subprotocol(String name) {
    subprotocol = name;
    return this;
  }

  WebSocketProbing expecting(String text) {
    contains = text;
    return this;
  }

  WebSocketProbing within(Duration latency) {
    maxLatency = latency;
    return this;
  }

  WebSocketProbing sending(String text, String answer) {
    send = new Exchange(text, answer);
    return this;
  }

  WebSocketProbing withoutPing() {
    ping = false;
    return this;
  }

  WebSocketProbing secured(CertificateAuthority authority) {
    url = url.replace("ws://", "wss://");
    trusted = authority;
    return this;
  }

  String words() throws InterruptedException {
    return HttpProbing.words(read());
  }

  Reading read() throws InterruptedException {
    return read(Duration.ofSeconds(10));
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  Reading read(Duration timeout) throws InterruptedException {
    var pem = trusted == null ? "" : trusted.pem();
    var tls =
        trusted == null
            ? null
            : new Tls(new ValueFrom(new SecretKeyRef("gateway", "ca")), null, false);
    var target =
        new WebSocketTarget(
            url,
            token,
            tokenIn,
            null,
            headers,
            subprotocol,
            new Expect(contains, maxLatency),
            send,
            ping,
            tls);
    var secrets = RedisCheckTest.secrets(Map.of("token", TOKEN + "\n", "ca", pem));
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return WebSocketCheck.of(
              target, new Surroundings(new OpenDialer(), secrets, Endpoints.NONE, CLIENTS))
          .run(deadline);
    }
  }
}
