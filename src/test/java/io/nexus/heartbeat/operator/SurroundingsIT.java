package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.alert.Channel.Answer;
import io.nexus.heartbeat.api.HttpTarget.Scheme;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.check.Endpoints.Endpoint;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Choices;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithApiServer
class SurroundingsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ApiServer server;
  private final String namespace;
  private final KubernetesClient client;

  SurroundingsIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    this.client = ApiServerClient.of(server);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aSecretIsReadWhenItsOwnerReleasedItAndElseTheMessageSaysHowTo() throws Exception {
    secret("open", "allowed", "redis, Redis.example.com");
    secret("closed", "no", "");
    var secrets = new ClusterSecrets(new SecretReader(client), namespace);

    assertThat(secrets.read(from("open", "pass"), "redis").text()).isEqualTo("hunter2");
    assertThat(secrets.read(from("open", "pass"), "redis.example.com.").text())
        .isEqualTo("hunter2");
    assertThat(secrets.read(from("open", "pass"), "").text()).isEqualTo("hunter2");
    assertThatThrownBy(() -> secrets.read(from("open", "pass"), "evil.example.com"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageStartingWith("Secret open must not go to host evil.example.com");
    assertThatThrownBy(() -> secrets.read(from("open", "password"), "redis"))
        .hasMessage("Secret open has no key password; it has: pass");
    assertThatThrownBy(() -> secrets.read(from("none", "pass"), "redis"))
        .hasMessage("Secret none not found in namespace " + namespace);
    assertThatThrownBy(() -> secrets.read(from("closed", "pass"), "redis"))
        .hasMessage(
            "Secret closed is not released to Heartbeat: kubectl label secret closed -n "
                + namespace
                + " heartbeat.nexus.io/secret=allowed");
    try (var restricted = server.operator()) {
      assertThatThrownBy(
              () ->
                  new ClusterSecrets(new SecretReader(restricted), namespace)
                      .read(from("open", "pass"), "redis"))
          .hasMessage(
              "Heartbeat may not read Secrets in namespace %1$s: kubectl create rolebinding heartbeat-actor -n %1$s --clusterrole=heartbeat-actor --serviceaccount=heartbeat-system:heartbeat"
                  .formatted(namespace));
    }
  }

  @Test
  void everyEndpointIsToldOnceReadyOrNotButNotTerminatingOnes() throws Exception {
    Monitors.apply(
        server,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: gateway, namespace: %1$s}
        spec: {ports: [{name: http, port: 80, targetPort: 8000}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: gateway-4, namespace: %1$s, labels: {kubernetes.io/service-name: gateway}}
        addressType: IPv4
        ports: [{name: http, port: 8000}]
        endpoints:
        - {addresses: [10.1.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: gateway-a}}
        - {addresses: [10.1.0.2], conditions: {ready: false}, targetRef: {kind: Pod, name: gateway-b}}
        - {addresses: [10.1.0.3], conditions: {ready: false, terminating: true}, targetRef: {kind: Pod, name: gateway-c}}
        - {addresses: [10.1.0.4]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: gateway-6, namespace: %1$s, labels: {kubernetes.io/service-name: gateway}}
        addressType: IPv6
        ports: [{name: http, port: 8000}]
        endpoints:
        - {addresses: ["fd00::1"], conditions: {ready: true}, targetRef: {kind: Pod, name: gateway-a}}
        """
            .formatted(namespace));
    try (var watch = new ServiceWatch(client, namespace, InstantSource.system())) {
      var endpoints = new ClusterEndpoints(watch, namespace);
      for (var port : List.of(new IntOrString(80), new IntOrString("http"))) {
        assertThat(endpoints.of(service("gateway", port)))
            .containsExactlyInAnyOrder(
                new Endpoint("gateway-a", "10.1.0.1", 8000, null),
                new Endpoint("gateway-b", "10.1.0.2", 8000, null),
                new Endpoint("10.1.0.4", "10.1.0.4", 8000, null));
      }
      assertThatThrownBy(() -> endpoints.of(service("gateway", new IntOrString(8000))))
          .isInstanceOf(NotTold.class)
          .hasMessage("Service gateway has no port 8000; it has: 80 (http)");
      assertThatThrownBy(() -> endpoints.of(service("nothing", new IntOrString(80))))
          .hasMessage("Service nothing not found in namespace " + namespace);

      server.kubectl("delete", "endpointslice", "gateway-4", "-n", namespace);
      await()
          .atMost(PATIENCE)
          .until(() -> endpoints.of(service("gateway", new IntOrString(80))).size() == 1);
    }
  }

  @Test
  void withoutTheRightToSeeEndpointsItSaysHowToGrantIt() {
    server.kubectl("create", "service", "clusterip", "gateway", "--tcp=80", "-n", namespace);
    try (var restricted = server.operator();
        var watch = new ServiceWatch(restricted, namespace, InstantSource.system())) {
      assertThatThrownBy(
              () ->
                  new ClusterEndpoints(watch, namespace)
                      .of(service("gateway", new IntOrString(80))))
          .isInstanceOf(NotTold.class)
          .hasMessage(
              "Heartbeat may not see the Services of namespace %1$s: kubectl create rolebinding heartbeat-watcher -n %1$s --clusterrole=heartbeat-watcher --serviceaccount=heartbeat-system:heartbeat"
                  .formatted(namespace));
    }
  }

  @Test
  void whatAWatchThatIsBrokenLastSawIsNotToldForLong() throws Exception {
    server.kubectl("create", "service", "clusterip", "gateway", "--tcp=80", "-n", namespace);
    var now = new AtomicReference<>(Instant.EPOCH);
    var service = service("gateway", new IntOrString(80));
    var cut = ApiServerClient.of(server);
    try (var watch = new ServiceWatch(cut, namespace, now::get)) {
      var endpoints = new ClusterEndpoints(watch, namespace);
      await()
          .atMost(PATIENCE)
          .ignoreException(NotTold.class)
          .until(() -> endpoints.of(service).isEmpty());
      cut.close();

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                now.updateAndGet(it -> it.plusSeconds(20));
                assertThatThrownBy(() -> endpoints.of(service))
                    .isInstanceOf(NotTold.class)
                    .hasMessageContaining("Services of namespace " + namespace);
              });
    }
  }

  @Test
  void whatIsToldTwiceStandsThereOnce() throws Exception {
    var channel =
        new EventsChannel(client, new MonitorKey(namespace, "nexus"), "some-uid", "operator-0");
    var notice =
        new Notice(
            namespace + "/nexus",
            "events",
            "0123456789abcdef0123456789abcdef",
            "gateway",
            Level.Critical,
            "timed out",
            "",
            Instant.now(),
            null,
            List.of(
                happening(
                    1, Happening.Kind.Opened, "timed out\u202e\n after 5 s" + "ü".repeat(900)),
                happening(2, Happening.Kind.Resolved, "answers again")),
            null,
            Choices.NONE);

    assertThat(channel.send(notice, new Unlimited())).isEqualTo(new Answer.Delivered(null));
    assertThat(channel.send(notice, new Unlimited())).isEqualTo(new Answer.Delivered(null));

    var events = client.events().v1().events().inNamespace(namespace).list().getItems();
    assertThat(events)
        .extracting(event -> event.getType() + " " + event.getReason())
        .containsExactlyInAnyOrder("Warning Opened", "Normal Resolved");
    assertThat(events)
        .anyMatch(event -> event.getNote().startsWith("gateway: timed out after 5 s"));
  }

  private static Happening happening(int seq, Happening.Kind kind, String text) {
    return new Happening(seq, kind, Level.Critical, Instant.now(), text);
  }

  private void secret(String name, String released, String hosts) {
    Monitors.apply(
        server,
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: %s
          namespace: %s
          labels: {heartbeat.nexus.io/secret: "%s"}
          annotations: {heartbeat.nexus.io/hosts: "%s"}
        stringData: {pass: hunter2}
        """
            .formatted(name, namespace, released, hosts));
  }

  private static ValueFrom from(String name, String key) {
    return new ValueFrom(new ValueFrom.SecretKeyRef(name, key));
  }

  private static ServiceRef service(String name, IntOrString port) {
    return new ServiceRef(name, port, Scheme.HTTP);
  }

  private record Unlimited() implements Deadline {
    @Override
    public Duration remaining() {
      return PATIENCE;
    }

    @Override
    public <C extends Closeable> C closing(C resource) {
      return resource;
    }
  }
}
