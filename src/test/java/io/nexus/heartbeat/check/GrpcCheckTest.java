package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.unasked;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.api.HttpTarget.Header;
import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.reading.Reading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against gRPC's own server, and against those that only pretend to be one. */
class GrpcCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final String TOKEN = "Bearer s3cr3t-tok/en";
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final HealthStatusManager health = new HealthStatusManager();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private @Nullable Server server;
  private Status refusal = Status.OK;

  private final ServerInterceptor gate =
      new ServerInterceptor() {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
          calls.add(call.getAuthority() + " " + metadata.get(AUTHORIZATION));
          if (refusal.isOk()) {
            return next.startCall(call, metadata);
          }
          call.close(refusal, new Metadata());
          return new ServerCall.Listener<>() {};
        }
      };

  @AfterEach
  void stop() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVING | Up",
        "NOT_SERVING | Down: NOT_SERVING",
        "SERVICE_UNKNOWN | Unknown: SERVICE_UNKNOWN; is service nexus.Orders right?",
        "UNKNOWN | Impaired: has not said whether it serves (UNKNOWN)",
      })
  void whatTheServerSaysOfAServiceDecides(ServingStatus status, String meaning) throws Exception {
    health.setStatus("nexus.Orders", status);
    start(InsecureServerCredentials.create());

    assertThat(HttpProbing.words(read("nexus.Orders"))).isEqualTo(meaning);
  }

  @Test
  void withoutAServiceTheWholeServerIsAsked() throws Exception {
    start(InsecureServerCredentials.create());

    var up = (Reading.Up) read((String) null);
    assertThat(up.measurements().numbers()).containsOnlyKeys("latency");
    health.setStatus("", ServingStatus.NOT_SERVING);
    assertThat(HttpProbing.words(read((String) null))).isEqualTo("Down: NOT_SERVING");
  }

  @Test
  void aServiceThatIsNotKnownIsAMistakeOfTheMonitor() throws Exception {
    start(InsecureServerCredentials.create());

    assertThat(HttpProbing.words(read("nexus.Odrers")))
        .startsWith("Unknown: NOT_FOUND")
        .endsWith("; is service nexus.Odrers right?");
  }

  @Test
  void aServerWithoutHealthServiceIsUnknown() throws Exception {
    server =
        OkHttpServerBuilder.forPort(loopback(), InsecureServerCredentials.create()).build().start();

    assertThat(HttpProbing.words(read((String) null)))
        .startsWith("Unknown: UNIMPLEMENTED: ")
        .endsWith("; the server needs the service grpc.health.v1.Health");
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, Down: UNAVAILABLE: zu spät & 100 %",
    "INTERNAL, Down: INTERNAL: zu spät & 100 %",
    "DEADLINE_EXCEEDED, Down: DEADLINE_EXCEEDED: zu spät & 100 %",
    "RESOURCE_EXHAUSTED, Impaired: RESOURCE_EXHAUSTED: zu spät & 100 %",
    "UNAUTHENTICATED, Unknown: UNAUTHENTICATED: zu spät & 100 %; set headers with valueFrom",
    "PERMISSION_DENIED, Unknown: PERMISSION_DENIED: zu spät & 100 %; set headers with valueFrom",
  })
  void anErrorIsToldInTheServersWords(Status.Code code, String meaning) throws Exception {
    refusal = code.toStatus().withDescription("zu spät & 100 %\u001b[31m");
    start(InsecureServerCredentials.create());

    assertThat(HttpProbing.words(read((String) null))).isEqualTo(meaning);
  }

  @Test
  void metadataIsSentAndItsSecretNeverRepeated() throws Exception {
    start(InsecureServerCredentials.create());
    var from = new ValueFrom(new SecretKeyRef("orders", "token"));
    var headers = List.of(new Header("Authorization", null, from));

    var url = url("http");
    assertThat(HttpProbing.words(read(new GrpcTarget(url, null, "orders.nexus", headers, null))))
        .isEqualTo("Up");
    assertThat(calls).containsExactly("orders.nexus " + TOKEN);
    refusal = Status.UNAUTHENTICATED.withDescription("bad token " + TOKEN);
    assertThat(HttpProbing.words(read(new GrpcTarget(url, null, null, headers, null))))
        .isEqualTo(
            "Unknown: UNAUTHENTICATED: bad token ***; is the value of Secret orders, key token"
                + " right?");
    assertThat(HttpProbing.words(read(new GrpcTarget(url, null, null, header("te", "x"), null))))
        .isEqualTo("Unknown: header te is set by Heartbeat itself; leave it out");
  }

  @Test
  void overTlsTheCertificateIsMeasuredAndJudged() throws Exception {
    var authority = CertificateAuthority.named("Test Authority");
    var identity = authority.issue("orders.test");
    start(
        TlsServerCredentials.create(
            new ByteArrayInputStream(identity.pem()), new ByteArrayInputStream(identity.keyPem())));

    var up =
        (Reading.Up) read(secured(url("https"), "ca"), authority.pem(), Duration.ofSeconds(20));
    assertThat(up.measurements().numbers()).containsEntry("certificateDays", 364.0);
    var other = CertificateAuthority.named("Another").pem();
    assertThat(HttpProbing.words(read(secured(url("https"), "ca"), other, Duration.ofSeconds(20))))
        .isEqualTo("Down: certificate is signed by an unknown authority");
    assertThat(HttpProbing.words(read((String) null))).startsWith("Down: "); // without TLS
  }

  @Test
  void aTlsServerThatDoesNotAgreeToHttp2IsDown() throws Exception {
    var authority = CertificateAuthority.named("Test Authority");
    try (var web = unasked(authority.issue("orders.test").listen(), ScriptedServer::hang)) {
      var target = secured("https://orders.test:" + web.port(), "ca");
      assertThat(HttpProbing.words(read(target, authority.pem(), Duration.ofSeconds(20))))
          .isEqualTo("Down: does not agree in TLS to speak h2 (ALPN)");
    }
  }

  @Test
  void refusedIsDown() throws Exception {
    start(InsecureServerCredentials.create());
    var url = url("http");
    stop();

    assertThat(HttpProbing.words(read(new GrpcTarget(url, null, null, List.of(), null))))
        .isEqualTo("Down: connection refused");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.nexus.heartbeat.net.grpc.HostileCalls#all")
  void whateverIsAnsweredItEndsInTimeWithWords(String name, String told, Script script)
      throws Exception {
    // What we end by ourselves has all the time that a busy machine may need.
    var timeout = Duration.ofSeconds(told.startsWith("timed out") ? 1 : 20);
    try (var hostile = unasked(script)) {
      var target = new GrpcTarget("http://o.test:" + hostile.port(), null, null, List.of(), null);
      var begun = System.nanoTime();
      var reading = read(target, "", timeout);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
      if (told.isEmpty()) {
        assertThat(reading).isInstanceOf(Reading.Up.class);
      } else {
        assertThat(reading).isInstanceOf(Reading.Down.class);
        assertThat(HttpProbing.words(reading))
            .contains(told)
            .hasSizeLessThan(300)
            .doesNotContain("Exception");
      }
    }
  }

  private void start(ServerCredentials credentials) throws IOException {
    server =
        OkHttpServerBuilder.forPort(loopback(), credentials)
            .addService(health.getHealthService())
            .intercept(gate)
            .build()
            .start();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress("127.0.0.1", 0);
  }

  private String url(String scheme) {
    var running = java.util.Objects.requireNonNull(server);
    return scheme + "://orders.test:" + running.getPort();
  }

  private static List<Header> header(String name, String value) {
    return List.of(new Header(name, value, null));
  }

  private static GrpcTarget secured(String url, String key) {
    var tls = new Tls(new ValueFrom(new SecretKeyRef("orders", key)), null, false);
    return new GrpcTarget(url, null, null, List.of(), tls);
  }

  private Reading read(@Nullable String service) throws InterruptedException {
    return read(new GrpcTarget(url("http"), service, null, List.of(), null));
  }

  private static Reading read(GrpcTarget target) throws InterruptedException {
    return read(target, "", Duration.ofSeconds(20));
  }

  private static Reading read(GrpcTarget target, String pem, Duration timeout)
      throws InterruptedException {
    var secrets = RedisCheckTest.secrets(Map.of("token", TOKEN, "ca", pem));
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return GrpcCheck.of(
              target, new Surroundings(new OpenDialer(), secrets, Endpoints.NONE, CLIENTS))
          .run(deadline);
    }
  }
}
