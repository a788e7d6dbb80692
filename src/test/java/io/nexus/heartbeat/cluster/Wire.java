package io.nexus.heartbeat.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One operator's way to the API server, plain HTTP on loopback as {@code kubectl proxy} offers it.
 * It knows each write by its name and cuts every connection when the operator dies of its fault.
 */
public final class Wire implements AutoCloseable {
  /** What belongs to a connection, not to what is said over it. */
  private static final Set<String> HOP_BY_HOP;

  static {
    HOP_BY_HOP = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    HOP_BY_HOP.addAll(
        Set.of("Connection", "Content-Length", "Host", "Transfer-Encoding", "Upgrade"));
    HOP_BY_HOP.addAll(Set.of("HTTP2-Settings", "Expect"));
  }

  private static final Pattern LEVEL = Pattern.compile("\"level\":\"(\\w+)\"");
  private static final Pattern PHASE = Pattern.compile("\"phase\":\"(\\w+)\"");
  private static final Pattern REASON = Pattern.compile("\"reason\":\"(\\w+)\"");

  private final String apiServer;
  private final Fault fault;
  private final HttpClient upstream;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final boolean silent;
  private final @Nullable Misanswer misanswer;
  private final AtomicInteger writes = new AtomicInteger();
  private final CountDownLatch thawed = new CountDownLatch(1);
  private final Queue<InputStream> watches = new ConcurrentLinkedQueue<>();
  private volatile int held;
  private volatile boolean blind;

  /**
   * What one write is answered, whatever became of it.
   *
   * @param write which, from 1
   * @param status of HTTP; 0: none, ever
   * @param done it is done all the same
   */
  public record Misanswer(int write, int status, boolean done) {}

  private Wire(Config to, Fault fault, boolean silent, @Nullable Misanswer misanswer)
      throws IOException {
    this.misanswer = misanswer;
    this.apiServer = to.getMasterUrl().replaceAll("/$", "");
    this.fault = fault;
    this.silent = silent;
    try {
      upstream =
          HttpClient.newBuilder()
              .sslContext(SSLUtils.sslContext(to))
              .version(HttpClient.Version.HTTP_1_1)
              .build();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** It closes every connection at the fault. */
  public static Wire cut(Config to, Fault fault) throws IOException {
    return new Wire(to, fault, false, null);
  }

  /** It never answers again from the fault on, so that the other side does not know yet. */
  public static Wire silenced(Config to, Fault fault) throws IOException {
    return new Wire(to, fault, true, null);
  }

  /** It answers one write otherwise than the API server would. */
  public static Wire answering(Config to, Misanswer otherwise) throws IOException {
    return new Wire(to, Fault.none(), false, otherwise);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        // A proxy without WebSockets answers so, and the client watches by a plain GET instead.
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      if (blind && isOfMany(exchange)) {
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_GONE, -1);
        return;
      }
      var body = exchange.getRequestBody().readAllBytes();
      fault.check();
      var name = effect(exchange, new String(body, StandardCharsets.UTF_8));
      if (name.isEmpty()) {
        answer(exchange, forward(exchange, body, BodyHandlers.ofInputStream()));
      } else if (misanswer != null && !misanswer.done() && isMisanswered(exchange)) {
        return;
      } else {
        awaitThaw();
        // The answer is read to its end: then the write is done.
        var written =
            fault.<HttpResponse<byte[]>, IOException>around(
                name.get(), () -> forward(exchange, body, BodyHandlers.ofByteArray()));
        if (misanswer != null && misanswer.done() && isMisanswered(exchange)) {
          return;
        }
        head(exchange, written);
        var length = written.body().length;
        exchange.sendResponseHeaders(written.statusCode(), length == 0 ? -1 : length);
        exchange.getResponseBody().write(written.body());
      }
    } catch (Fault.Death _) {
      awaitClosing();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * It keeps one write for itself until it is let go, as of somebody who is frozen just before it.
   *
   * @param write which, from 1
   */
  public static Wire holding(Config to, int write) throws IOException {
    var wire = new Wire(to, Fault.none(), false, null);
    wire.held = write;
    return wire;
  }

  /** Whether it has come to the write that it keeps. */
  public boolean holds() {
    return held > 0 && writes.get() >= held;
  }

  public void letGo() {
    thawed.countDown();
  }

  private void awaitThaw() throws InterruptedException {
    if (held > 0 && writes.incrementAndGet() == held) {
      thawed.await();
    }
  }

  private boolean isMisanswered(HttpExchange exchange) throws IOException {
    if (misanswer == null || writes.incrementAndGet() != misanswer.write()) {
      return false;
    }
    if (misanswer.status() == 0) {
      awaitClosing();
    } else {
      exchange.sendResponseHeaders(misanswer.status(), -1);
    }
    return true;
  }

  /** From now on no watch and no list comes through: 410 Gone. What is asked for by name does. */
  public void blind() {
    blind = true;
    watches.forEach(Wire::cutOff);
  }

  private static boolean isOfMany(HttpExchange exchange) {
    var uri = exchange.getRequestURI();
    return exchange.getRequestMethod().equals("GET")
        && (String.valueOf(uri.getQuery()).contains("watch=true")
            || uri.getPath().endsWith("/heartbeatmonitors"));
  }

  private static void cutOff(InputStream watch) {
    try {
      watch.close();
    } catch (IOException _) {
      // it has ended
    }
  }

  private void awaitClosing() {
    try {
      if (silent || misanswer != null) {
        closing.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reviews are asked by POST and write nothing. */
  private static Optional<String> effect(HttpExchange exchange, String body) {
    var method = exchange.getRequestMethod();
    var path = exchange.getRequestURI().getPath();
    if (method.equals("GET") || path.endsWith("reviews")) {
      return Optional.empty();
    }
    if (path.contains("/heartbeatmonitors/") && path.endsWith("/status")) {
      return Optional.of("status" + first(LEVEL, body) + first(PHASE, body));
    }
    if (path.contains("/deployments/")) {
      return Optional.of("workload");
    }
    if (path.contains("/events")) {
      return Optional.of("Event" + first(REASON, body));
    }
    return Optional.of(method + " " + path);
  }

  private static String first(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    return matcher.find() ? " " + matcher.group(1) : "";
  }

  private <T> HttpResponse<T> forward(
      HttpExchange exchange, byte[] body, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(apiServer + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP_BY_HOP.contains(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return upstream.send(request.build(), handler);
  }

  private static void head(HttpExchange exchange, HttpResponse<?> response) {
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!HOP_BY_HOP.contains(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
  }

  /** Piece by piece, because a watch does not end. */
  private void answer(HttpExchange exchange, HttpResponse<InputStream> response)
      throws IOException {
    try (var in = response.body()) {
      if (isOfMany(exchange)) {
        watches.add(in);
      }
      head(exchange, response);
      exchange.sendResponseHeaders(response.statusCode(), 0);
      var piece = new byte[8192];
      for (var read = in.read(piece); read >= 0; read = in.read(piece)) {
        exchange.getResponseBody().write(piece, 0, read);
        exchange.getResponseBody().flush();
      }
    }
  }

  @Override
  public void close() {
    letGo();
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
    upstream.shutdownNow();
  }
}
