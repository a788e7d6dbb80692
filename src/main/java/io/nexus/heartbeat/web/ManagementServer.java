package io.nexus.heartbeat.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.engine.TargetView;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health, readiness and metrics, for whoever reaches the port, so they tell nothing secret; and for
 * those who may read it what is known of each target; and it hears what targets of kind push say.
 * It changes nothing without a token, and takes little.
 */
public final class ManagementServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

  private static final String PATHS = "/healthz\n/readyz\n/metrics\n" + HealthPage.PATH + "\n";
  private static final int SCRAPES_AT_ONCE = 2;
  private static final Duration SCRAPE_QUEUE = Duration.ofSeconds(5);

  private final HttpServer server;
  private final ExecutorService threads;
  private final Content content;
  private final HealthPage health;
  private final PushPage pushes;
  private final Semaphore scrapes = new Semaphore(SCRAPES_AT_ONCE);

  /** Of their own: whoever reaches the port can ask for one, which may wait for the API server. */
  private final Semaphore pages = new Semaphore(SCRAPES_AT_ONCE);

  /**
   * What is served.
   *
   * @param whyNotHealthy empty when healthy; a restart is expected to mend it
   * @param whyNotReady empty when ready
   * @param sink takes what targets of kind push say of themselves
   */
  public record Content(
      Metrics metrics,
      Supplier<Optional<String>> whyNotHealthy,
      Supplier<Optional<String>> whyNotReady,
      Supplier<List<TargetView>> targets,
      PushSink sink) {}

  private ManagementServer(HttpServer server, Content content, Readers readers) {
    this.server = server;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("management-", 0).factory());
    this.content = content;
    this.health = new HealthPage(content.targets(), readers, InstantSource.system());
    this.pushes = new PushPage(content.sink());
  }

  /**
   * @param address port 0 takes any that is free
   * @param option what sets the address on the command line, such as {@code --port}, for messages
   * @param readers of what {@code /metrics} does not tell
   * @throws IOException the address cannot be listened on; the message says which and what to do
   */
  public static ManagementServer start(
      InetSocketAddress address, String option, Content content, Readers readers)
      throws IOException {
    Limits.set();
    var started = new ManagementServer(listening(address, option), content, readers);
    started.server.setExecutor(started.threads);
    started.server.createContext("/", started::handle);
    started.server.start();
    log.info("health and metrics on http://{}", Hosts.text(started.address()));
    return started;
  }

  private static HttpServer listening(InetSocketAddress address, String option) throws IOException {
    if (address.isUnresolved()) {
      throw new IOException(
          "cannot listen on " + address.getHostString() + ": no such host; set it with " + option);
    }
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      // The JDK has one exception for both; the kernel's words tell them apart.
      if (String.valueOf(e.getMessage()).contains("already in use")) {
        throw new IOException(
            "port " + address.getPort() + " is in use; choose another with " + option, e);
      }
      throw new IOException(cannot(address, e) + "; choose another with " + option, e);
    } catch (IOException e) {
      throw new IOException(cannot(address, e), e);
    }
  }

  private static String cannot(InetSocketAddress address, IOException e) {
    return "cannot listen on " + Hosts.text(address) + ": " + e.getMessage();
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      answer(exchange);
    } catch (IOException e) {
      log.debug("{} went away: {}", exchange.getRemoteAddress(), e.getMessage());
    } catch (RuntimeException e) {
      log.error("answering {} failed, which is a bug", exchange.getRequestURI().getRawPath(), e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (String.valueOf(exchange.getRequestURI().getRawPath()).startsWith(PushPage.PREFIX)) {
      pushes.answer(exchange);
      return;
    }
    var method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      Answer.text(405, "only GET and HEAD\n").with("Allow", "GET, HEAD").send(exchange);
      return;
    }
    var path = String.valueOf(exchange.getRequestURI().getPath());
    switch (path) {
      case "/healthz" -> probe("healthy", content.whyNotHealthy()).send(exchange);
      case "/readyz" -> probe("ready", content.whyNotReady()).send(exchange);
      case "/metrics" -> large(exchange, scrapes, () -> scrape(exchange));
      default -> {
        if (path.startsWith(HealthPage.PATH)) {
          large(exchange, pages, () -> health.answer(exchange));
        } else {
          Answer.text(404, PATHS).send(exchange);
        }
      }
    }
  }

  private static Answer probe(String what, Supplier<Optional<String>> whyNot) {
    try {
      return whyNot
          .get()
          .map(why -> Answer.text(503, Shown.text(why) + "\n"))
          .orElseGet(() -> Answer.text(200, "ok\n"));
    } catch (RuntimeException e) {
      log.error("whether this is {} cannot be told", what, e);
      return Answer.text(503, "whether this is " + what + " cannot be told; see the log\n");
    }
  }

  /** An answer that may be large. */
  @FunctionalInterface
  private interface Large {
    Answer answer() throws IOException;
  }

  /**
   * A scrape of a large installation takes megabytes until it is sent: a few at once, the others
   * wait a little.
   */
  private void large(HttpExchange exchange, Semaphore slots, Large made) throws IOException {
    try {
      if (!slots.tryAcquire(SCRAPE_QUEUE.toSeconds(), TimeUnit.SECONDS)) {
        Answer.text(503, "too many large answers at once\n")
            .with("Retry-After", "10")
            .send(exchange);
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      made.answer().send(exchange);
    } finally {
      slots.release();
    }
  }

  private Answer scrape(HttpExchange exchange) throws IOException {
    var accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    var format = Metrics.Format.accepted(accept);
    return new Answer(200, format.contentType(), content.metrics().scrape(format));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
