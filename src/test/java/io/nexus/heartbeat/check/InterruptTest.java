package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.TlsTarget;
import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.DnsServer;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A monitor that is deleted has its checks ended at once, whatever they wait for. */
class InterruptTest {
  private static Clients clients;

  @BeforeAll
  static void start() {
    clients = Clients.create();
  }

  @AfterAll
  static void stop() {
    clients.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http",
        "https",
        "ws",
        "tls",
        "grpc",
        "redis",
        "rediss",
        "redis-sentinel",
        "redis-cluster",
        "postgresql",
        "agents"
      })
  void aCheckThatWaitsForAnAnswerEndsAtOnce(String scheme) throws Exception {
    var waiting = new AtomicInteger();
    try (var silent =
        ScriptedServer.unasked(
            peer -> {
              peer.getInputStream().read();
              waiting.incrementAndGet();
              ScriptedServer.hang(peer);
              waiting.decrementAndGet();
            })) {
      endsAtOnce(check(scheme, silent.port()), () -> waiting.get() == 1);
      await().until(() -> waiting.get() == 0); // nor is its connection left open
    }
  }

  @Test
  void aCheckThatWaitsForAConnectionEndsAtOnce() throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var ahead = new ArrayList<Socket>();
      try {
        for (var i = 0; i < 2; i++) {
          ahead.add(new Socket("127.0.0.1", full.getLocalPort()));
        }
        endsAtOnce(new TcpCheck("gateway.test", full.getLocalPort(), new OpenDialer()), () -> true);
      } finally {
        for (var socket : ahead) {
          socket.close();
        }
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  void aCheckThatWaitsForADnsServerEndsAtOnce() throws Exception {
    try (var mute = new DnsServer((_, _) -> null)) {
      var target =
          new DnsTarget("nexus.test", null, "127.0.0.1", mute.address().getPort(), List.of());
      var surroundings = new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, clients);
      endsAtOnce(DnsCheck.of(target, surroundings), () -> mute.questions().size() == 1);
    }
  }

  private static void endsAtOnce(Check check, java.util.concurrent.Callable<Boolean> underWay)
      throws Exception {
    var end = new CompletableFuture<Object>();
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofMinutes(5))) {
      var thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      end.complete(check.run(deadline));
                    } catch (InterruptedException e) {
                      end.complete("ended");
                    } catch (RuntimeException e) {
                      end.completeExceptionally(e);
                    }
                  });
      await()
          .until(
              () ->
                  underWay.call()
                      && (thread.getState() == Thread.State.WAITING
                          || thread.getState() == Thread.State.TIMED_WAITING));
      thread.interrupt();
      // Generous for a busy machine; nothing but the interrupt ends it within minutes.
      assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo("ended");
    }
  }

  @SuppressWarnings("NullAway") // as below
  private static PostgresTarget database(String url) {
    return new PostgresTarget(url, null, null, null, null, "nexus", null, null, null, null);
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private static Check check(String scheme, int port) throws IOException {
    var url = scheme + "://nexus.test:" + port;
    var surroundings = new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, clients);
    return switch (scheme) {
      case "redis", "rediss" -> RedisCheck.of(new RedisTarget(url, null, null, null), surroundings);
      case "redis-sentinel" ->
          RedisCheck.of(new RedisTarget(url + "#mymaster", null, null, null), surroundings);
      case "redis-cluster" -> RedisCheck.of(new RedisTarget(url, null, null, null), surroundings);
      case "postgresql" -> PostgresCheck.of(database(url), surroundings);
      case "agents" ->
          AgentsCheck.of(
              new AgentsTarget("db", null, null, null, null, null, null, null, null),
              database("postgresql://nexus.test:" + port),
              surroundings);
      case "tls" ->
          TlsCheck.of(new TlsTarget("nexus.test", port, null, null, null, null), surroundings);
      case "grpc" ->
          GrpcCheck.of(
              new GrpcTarget("http://nexus.test:" + port, null, null, null, null), surroundings);
      case "ws" ->
          WebSocketCheck.of(
              new WebSocketTarget(url, null, null, null, null, null, null, null, null, null),
              surroundings);
      default ->
          HttpCheck.of(new HttpTarget(url, null, null, null, null, null, null, null), surroundings);
    };
  }
}
