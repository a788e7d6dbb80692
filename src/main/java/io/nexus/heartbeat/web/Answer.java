package io.nexus.heartbeat.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** One answer to one request, whole before the first byte leaves. */
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  private static final int WORTH_COMPRESSING = 4096;

  Answer(int status, String contentType, byte[] body) {
    this(status, contentType, body, Map.of());
  }

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  Answer with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new Answer(status, contentType, body, all);
  }

  void send(HttpExchange exchange) throws IOException {
    var out = exchange.getResponseHeaders();
    headers.forEach(out::set);
    out.set("Content-Type", contentType);
    out.set("Cache-Control", "no-store");
    out.set("X-Content-Type-Options", "nosniff");
    var bytes = body;
    if (body.length >= WORTH_COMPRESSING) {
      out.set("Vary", "Accept, Accept-Encoding");
      if (takesGzip(exchange)) {
        bytes = gzip(body);
        out.set("Content-Encoding", "gzip");
      }
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      out.set("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static boolean takesGzip(HttpExchange exchange) {
    var accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    return accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream(bytes.length / 8);
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
