package io.nexus.heartbeat.check;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server on loopback that answers each path as it is told, and remembers who asked. */
final class JsonServer implements AutoCloseable {
  record Asked(String line, String authorization, String body) {}

  private record Told(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Told> answers = new ConcurrentHashMap<>();
  final List<Asked> asked = new CopyOnWriteArrayList<>();

  JsonServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var path = exchange.getRequestURI().toString();
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(
                new Asked(
                    exchange.getRequestMethod() + " " + path,
                    String.valueOf(authorization),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            var told = answers.getOrDefault(path, new Told(404, "404 page not found"));
            var bytes = told.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
  }

  JsonServer answers(String path, int status, String body) {
    answers.put(path, new Told(status, body));
    return this;
  }

  JsonServer answers(String path, String body) {
    return answers(path, 200, body);
  }

  String url() {
    return "http://neighbour.test:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
