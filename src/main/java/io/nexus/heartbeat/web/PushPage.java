package io.nexus.heartbeat.web;

import com.sun.net.httpserver.HttpExchange;
import io.nexus.heartbeat.decide.Signal;
import io.nexus.heartbeat.engine.MonitorKey;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /push/<namespace>/<monitor>/<target>}, and behind it {@code /start}, {@code /fail} or an
 * exit code. Nothing of the body is read.
 */
final class PushPage {
  private static final Logger log = LoggerFactory.getLogger(PushPage.class);

  static final String PREFIX = "/push/";

  /** Names have no '/' nor anything that would have to be decoded. */
  private static final Pattern PATH =
      Pattern.compile(
          "/push/([a-z0-9-]{1,63})/([a-z0-9.-]{1,253})/([a-z0-9-]{1,63})(?:/(start|fail|[0-9]{1,3}))?");

  private static final Answer NOT_HERE =
      Answer.text(404, "no such target of kind push, or not its token\n");

  private final PushSink sink;
  private final Semaphore atOnce = new Semaphore(16);

  PushPage(PushSink sink) {
    this.sink = sink;
  }

  void answer(HttpExchange exchange) throws IOException {
    var method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("POST")) {
      Answer.text(405, "only GET and POST\n").with("Allow", "GET, POST").send(exchange);
      return;
    }
    if (!atOnce.tryAcquire()) {
      Answer.text(503, "too many at once\n").with("Retry-After", "1").send(exchange);
      return;
    }
    try {
      said(exchange).send(exchange);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      atOnce.release();
    }
  }

  private Answer said(HttpExchange exchange) throws InterruptedException {
    var path = PATH.matcher(String.valueOf(exchange.getRequestURI().getRawPath()));
    if (!path.matches()) {
      return NOT_HERE;
    }
    var signal = signal(path.group(4));
    if (signal.isEmpty()) {
      return Answer.text(400, "an exit code is 0 to 255\n");
    }
    var key = new MonitorKey(path.group(1), path.group(2));
    try {
      return switch (sink.take(key, path.group(3), signal.get(), token(exchange))) {
        case Stored -> Answer.text(200, "ok\n");
        case NotHere -> NOT_HERE;
        case TooMany -> Answer.text(429, "more than 20 in a minute\n").with("Retry-After", "60");
        case TryAgain -> Answer.text(503, "not stored; try again\n").with("Retry-After", "5");
      };
    } catch (RuntimeException e) {
      log.error("taking a push failed, which is a bug", e);
      return Answer.text(500, "not stored, which is a bug; see the log\n");
    }
  }

  private static Optional<Signal> signal(@Nullable String word) {
    return switch (word) {
      case null -> Optional.of(new Signal.End(true, null));
      case "start" -> Optional.of(new Signal.Start());
      case "fail" -> Optional.of(new Signal.End(false, null));
      default -> {
        var code = Integer.parseInt(word);
        yield code > 255 ? Optional.empty() : Optional.of(new Signal.End(code == 0, code));
      }
    };
  }

  /** In the header, or for programs that cannot set one in the query. */
  private static String token(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return header.substring(7).strip();
    }
    var query = exchange.getRequestURI().getRawQuery();
    if (query == null) {
      return "";
    }
    for (var part : query.split("&")) {
      if (part.startsWith("token=")) {
        try {
          return URLDecoder.decode(part.substring(6), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
          return "";
        }
      }
    }
    return "";
  }
}
