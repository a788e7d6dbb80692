package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** An API server that grants everything and tells nothing. */
class OwnWatchesTest {
  private static final String GRANTED =
      "{\"apiVersion\": \"authorization.k8s.io/v1\", \"kind\": \"SelfSubjectAccessReview\","
          + " \"spec\": {}, \"status\": {\"allowed\": true}}";
  private static final String FAILED =
      "{\"apiVersion\": \"v1\", \"kind\": \"Status\", \"status\": \"Failure\", \"code\": 500,"
          + " \"message\": \"etcdserver: no leader\"}";

  @Test
  void whatMayBeReadAndIsNotToldYetLetsNothingThroughAndSaysWhy() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", OwnWatchesTest::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
    try (var client = ApiServer.connect(config, "test");
        var watches = new OwnWatches(client, Set::of)) {
      var starting = Thread.ofVirtual().start(() -> start(watches));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(watches.seenFrom("shop").pending())
                      .hasValue(
                          "the API server's endpoints, the Services of other namespaces, the"
                              + " cluster's nodes are not known yet: etcdserver: no leader"));
      starting.interrupt();
      starting.join();
    } finally {
      server.stop(0);
    }
  }

  private static void start(OwnWatches watches) {
    try {
      watches.start();
    } catch (CannotStart e) {
      throw new AssertionError(e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var review = exchange.getRequestMethod().equals("POST");
    var body = (review ? GRANTED : FAILED).getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(review ? 201 : 500, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
