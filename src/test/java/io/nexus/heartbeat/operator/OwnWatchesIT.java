package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.net.Names;
import io.nexus.heartbeat.net.Scope;
import io.nexus.heartbeat.net.VettedDialer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is known to be the installation's own, with the rights that we ship and with fewer. */
@WithApiServer
class OwnWatchesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final InetAddress OURSELVES = at("203.0.113.1");

  private final ApiServer server;
  private final String namespace;
  private final String other;
  private final KubernetesClient client;

  OwnWatchesIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    this.other = server.namespace();
    this.client = client("heartbeat-system", "heartbeat");
  }

  @AfterEach
  void close() {
    client.close();
    server.kubectl("delete", "node", "stranger-" + namespace, "--ignore-not-found");
  }

  @Test
  void nothingIsOpenedBeforeItIsKnown() throws Exception {
    try (var watches = new OwnWatches(client, Set::of)) {
      assertThat(watches.seenFrom(namespace).pending()).isPresent();
      watches.start();
      assertThat(watches.seenFrom(namespace).pending()).isEmpty();
    }
  }

  @Test
  void nodesTheApiServerAndOurselvesAreRefusedToEverybody() throws Exception {
    node("10.77.0.1", "fd77::1");
    try (var watches = new OwnWatches(client, () -> Set.of(OURSELVES))) {
      watches.start();
      var own = watches.seenFrom(namespace);
      assertThat(own.what(at("10.77.0.1")))
          .hasValue("node stranger-" + namespace + " of this cluster");
      assertThat(own.what(at("fd77::1"))).isPresent();
      assertThat(own.what(OURSELVES)).hasValue("an address of Heartbeat itself");
      assertThat(own.what(at("10.96.0.1")))
          .hasValue("the Service of the API server of this cluster");
      assertThat(watches.seenFrom("default").what(at("10.96.0.1"))).isPresent();
      assertThat(own.what(at(client.getMasterUrl().getHost())))
          .hasValue("the API server of this cluster");

      server.kubectl("delete", "node", "stranger-" + namespace);
      await().atMost(PATIENCE).until(() -> own.what(at("10.77.0.1")).isEmpty());
    }
  }

  @Test
  void theEndpointsOfTheApiServerAreRefused() throws Exception {
    // The API server of the tests is on loopback, which it cannot write into its own slice.
    Monitors.apply(
        server,
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
        addressType: IPv4
        ports: [{name: https, port: 6443}]
        endpoints: [{addresses: [10.78.0.1]}]
        """);
    try (var watches = new OwnWatches(client, Set::of)) {
      watches.start();
      assertThat(watches.seenFrom(namespace).what(at("10.78.0.1")))
          .hasValue("an endpoint of the API server of this cluster");
    } finally {
      server.kubectl("delete", "endpointslice", "kubernetes", "-n", "default");
    }
  }

  @Test
  void aServiceIsRefusedToOtherNamespacesByEveryAddressItHas() throws Exception {
    try (var watches = new OwnWatches(client, Set::of)) {
      watches.start();
      service(other, "redis");
      var clusterIp =
          at(
              server
                  .kubectl("get", "svc", "redis", "-n", other, "-o", "jsonpath={.spec.clusterIP}")
                  .out());
      var own = watches.seenFrom(namespace);
      var words = Optional.of("Service " + other + "/redis");
      await().atMost(PATIENCE).until(() -> own.what(clusterIp).equals(words));
      assertThat(own.what(at("198.51.100.7"))).isEqualTo(words);
      await().atMost(PATIENCE).until(() -> own.what(at("198.51.100.8")).equals(words));
      for (var address : Set.of(clusterIp, at("198.51.100.7"), at("198.51.100.8"))) {
        assertThat(watches.seenFrom(other).what(address)).isEmpty();
      }

      // A Service of one's own does not open what is somebody else's.
      service(namespace, "thief");
      var thief =
          at(
              server
                  .kubectl(
                      "get", "svc", "thief", "-n", namespace, "-o", "jsonpath={.spec.clusterIP}")
                  .out());
      await().atMost(PATIENCE).until(() -> watches.seenFrom(other).what(thief).isPresent());
      assertThat(own.what(thief)).isEmpty();
      assertThat(own.what(at("198.51.100.7"))).isEqualTo(words);

      server.kubectl("delete", "service", "redis", "-n", other);
      await().atMost(PATIENCE).until(() -> own.what(clusterIp).isEmpty());
      assertThat(own.what(at("198.51.100.7"))).isEmpty();
    }
  }

  @Test
  void aServiceOfTheMonitorsOwnNamespaceIsOpened() throws Exception {
    // No address of this machine is held for our own here, so that one can stand for a Service's.
    var address = addressOfThisMachine();
    assumeThat(address).as("this machine has an address beyond loopback").isPresent();
    service(other, "redis", "198.51.100.9", address.orElseThrow().getHostAddress());
    try (var listening = new ServerSocket(0, 5, address.orElseThrow());
        var watches = new OwnWatches(client, Set::of);
        var deadlines = new Deadlines();
        var deadline = deadlines.start(PATIENCE)) {
      watches.start();
      var host = listening.getInetAddress().getHostAddress();
      try (var socket = dialer(watches, other).connect(host, listening.getLocalPort(), deadline)) {
        assertThat(socket.isConnected()).isTrue();
      }
      assertThatThrownBy(
              () -> dialer(watches, namespace).connect(host, listening.getLocalPort(), deadline))
          .isInstanceOf(Dialer.AddressRefused.class)
          .hasMessageStartingWith(host + " is Service " + other + "/redis, which");
    }
  }

  private static Dialer dialer(OwnWatches watches, String namespace) {
    return new VettedDialer(
        Names.ofThisMachine(),
        Scope.namespace(namespace, "cluster.local"),
        AddressPolicy.operator(List.of(), watches.seenFrom(namespace)));
  }

  private static Optional<InetAddress> addressOfThisMachine() {
    return Itself.interfaces().stream()
        .filter(it -> it instanceof Inet4Address)
        .filter(it -> !it.isLoopbackAddress() && !it.isLinkLocalAddress())
        .findFirst();
  }

  @Test
  void whatMayNotBeReadIsNotRefusedAndThatIsSaid() throws Exception {
    server.kubectl("create", "serviceaccount", "poor", "-n", namespace);
    node("10.77.0.1");
    var log = (Logger) LoggerFactory.getLogger(OwnWatches.class);
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    log.addAppender(said);
    try (var poor = client(namespace, "poor");
        var watches = new OwnWatches(poor, () -> Set.of(OURSELVES))) {
      watches.start();
      var own = watches.seenFrom(namespace);
      assertThat(own.pending()).isEmpty();
      assertThat(own.what(at("10.77.0.1"))).isEmpty();
      assertThat(own.what(OURSELVES)).isPresent();
    } finally {
      log.detachAppender(said);
    }
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .hasSize(3)
        .first()
        .isEqualTo(
            "Heartbeat may not list nodes and watch nodes, so monitors can reach the cluster's nodes"
                + " through it. To refuse them: kubectl apply -f k8s/own-addresses.yaml, and restart"
                + " Heartbeat");
  }

  private KubernetesClient client(String of, String serviceAccount) {
    return io.nexus.heartbeat.operator.ApiServer.connect(
        server.configFor(of, serviceAccount), "test");
  }

  private void node(String... addresses) {
    var list = new StringBuilder();
    for (var address : addresses) {
      list.append("{type: InternalIP, address: \"").append(address).append("\"}, ");
    }
    Monitors.apply(
        server,
        """
        apiVersion: v1
        kind: Node
        metadata: {name: stranger-%1$s}
        spec: {unschedulable: true}
        status: {addresses: [%2$s{type: Hostname, address: stranger}]}
        """
            .formatted(namespace, list));
  }

  private void service(String in, String name) {
    service(in, name, "198.51.100.7", "198.51.100.8");
  }

  private void service(String in, String name, String externalIp, String ingress) {
    Monitors.apply(
        server,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: %s}
        spec: {type: LoadBalancer, externalIPs: [%s], ports: [{port: 6379}]}
        """
            .formatted(name, in, externalIp));
    var patched =
        server.kubectl(
            "patch",
            "service",
            name,
            "-n",
            in,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"%s\"}]}}}"
                .formatted(ingress));
    assertThat(patched.exitCode()).as(patched.err()).isZero();
  }

  private static InetAddress at(String text) {
    return Objects.requireNonNull(Literals.parse(text), text);
  }
}
