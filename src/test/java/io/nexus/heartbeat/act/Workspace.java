package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.cluster.Wire;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** A namespace with a gateway, and the actor with the rights that we ship. */
final class Workspace implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  static final WorkloadRef GATEWAY = new WorkloadRef(Kind.Deployment, "gateway");

  static final String IMAGE = "registry.example.com/heartbeat:1";

  private final ApiServer server;
  private final Duration served;
  final String namespace;
  final MonitorRef monitor;
  final KubernetesClient client;
  Actor actor;

  /** Moved along by hand, from the present: what the API server makes has its own clock. */
  Instant now = Instant.now();

  Workspace(ApiServer server) {
    this(server, Revisions.SERVED);
  }

  /**
   * @param served how long a revision must have been in service to be rolled back to
   */
  Workspace(ApiServer server, Duration served) {
    this.server = server;
    this.served = served;
    this.namespace = server.namespace();
    server.allow(namespace);
    kubectl("apply", "-f", "k8s/allow-jobs.yaml");
    apply( // what a Job belongs to must be there, or it goes at once
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec: {targets: [{name: gateway, tcp: {host: gateway, port: 80}}]}
        """);
    this.monitor =
        new MonitorRef(
            namespace, "nexus", kubectl("get", "hbm", "nexus", "-o", "jsonpath={.metadata.uid}"));
    this.client = server.operator();
    this.actor = new KubernetesActor(client, () -> now, null, IMAGE, served);
    await()
        .atMost(PATIENCE)
        .until(() -> look(new Action.Restart(GATEWAY)) instanceof Facts.Missing);
  }

  /** As it ships. */
  Workspace strict() {
    actor = new KubernetesActor(client, () -> now, null, IMAGE);
    return this;
  }

  /** Three pods, released for repair. */
  Workspace gateway(Kind kind, String image) {
    var replicas = kind == Kind.DaemonSet ? "" : "replicas: 3, ";
    apply(
        """
        apiVersion: apps/v1
        kind: %s
        metadata: {name: gateway, labels: {heartbeat.nexus.io/recovery: allowed}}
        spec: {%s selector: {matchLabels: {app: gateway}}, template: {
          metadata: {labels: {app: gateway}},
          spec: {terminationGracePeriodSeconds: 0, containers: [{name: gateway, image: "%s"}]}}}
        """
            .formatted(kind, replicas, image));
    var restart = new Action.Restart(new WorkloadRef(kind, "gateway"));
    await().atMost(PATIENCE).until(() -> isComplete(restart));
    return this;
  }

  void apply(String yaml) {
    var applied = server.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(applied.exitCode()).as(applied.err()).isZero();
  }

  String kubectl(String... args) {
    var all = new java.util.ArrayList<>(List.of(args));
    all.addAll(List.of("-n", namespace));
    var said = server.kubectl(all.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return said.out().strip();
  }

  List<PodRef> pods() {
    return server.admin().pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> !pod.isMarkedForDeletion())
        .map(Pod::getMetadata)
        .map(it -> new PodRef(it.getName(), it.getUid()))
        .sorted(Comparator.comparing(PodRef::name))
        .toList();
  }

  Facts look(Action action, PodRef... failing) {
    return actor.look(monitor, new Look(action, null, List.of(failing)));
  }

  Facts.Found found(Action action, PodRef... failing) {
    return (Facts.Found) look(action, failing);
  }

  Facts.Effect effect(Action action, Plan plan) {
    return ((Facts.Found) actor.look(monitor, new Look(action, plan, plan.pods()))).effect();
  }

  boolean isComplete(Action action) {
    return look(action) instanceof Facts.Found found
        && found.effect() instanceof Facts.Effect.Complete;
  }

  Plan plan(Action action, String id, PodRef... failing) {
    var found = found(action, failing);
    return new Plan(
        id,
        found.sequence() + 1,
        action.words(),
        action.subject(),
        found.uid(),
        now,
        now.plusSeconds(120),
        found.pods(),
        null);
  }

  Outcome perform(Action action, Plan plan) throws InterruptedException {
    return perform(actor, action, plan);
  }

  Outcome perform(Actor by, Action action, Plan plan) throws InterruptedException {
    return by.perform(monitor, due(action, plan));
  }

  /** One who dies of this fault; the wire sees what it writes. */
  Mortal mortal(Fault fault) throws IOException {
    var config = server.configFor("heartbeat-system", "heartbeat");
    var wire = Wire.cut(config, fault);
    var through =
        io.nexus.heartbeat.operator.ApiServer.connect(
            new ConfigBuilder(config).withMasterUrl(wire.url()).build(), "test");
    return new Mortal(
        new KubernetesActor(through, () -> now, null, IMAGE, served), wire, through, fault);
  }

  /** One to whom the API server answers a write otherwise than it should. */
  Mortal misled(Wire.Misanswer misanswer) throws IOException {
    var config = server.configFor("heartbeat-system", "heartbeat");
    var wire = Wire.answering(config, misanswer);
    var through =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(config)
                    .withMasterUrl(wire.url())
                    .withRequestTimeout(2_000)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    return new Mortal(
        new KubernetesActor(through, () -> now, null, IMAGE, served), wire, through, Fault.none());
  }

  /** One who is frozen before a write until the wire lets it go. */
  Mortal frozenAt(int write) throws IOException {
    var config = server.configFor("heartbeat-system", "heartbeat");
    var wire = Wire.holding(config, write);
    var through =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(config)
                    .withMasterUrl(wire.url())
                    .withRequestTimeout(120_000)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    return new Mortal(
        new KubernetesActor(through, () -> now, null, IMAGE, served), wire, through, Fault.none());
  }

  record Mortal(Actor actor, Wire wire, KubernetesClient client, Fault fault)
      implements AutoCloseable {
    List<String> effects() {
      return fault.effects();
    }

    @Override
    public void close() {
      client.close();
      wire.close();
    }
  }

  /** Until long after the mark on it says. */
  Raised raised(WorkloadRef workload) {
    return new Raised(workload, now.plus(Duration.ofHours(2)));
  }

  /**
   * @param jsonPath in braces
   */
  String get(String what, String jsonPath) {
    return kubectl("get", what, "-o", "jsonpath=" + jsonPath);
  }

  /** Of the gateway's declaration; 0 where there is none. */
  long generation() {
    var said =
        kubectl(
            "get",
            "deployment",
            "gateway",
            "--ignore-not-found",
            "-o",
            "jsonpath={.metadata.generation}");
    return said.isEmpty() ? 0 : Long.parseLong(said);
  }

  static Due due(Action action, Plan plan) {
    return new Due(
        plan, action, new Due.Occasion("gateway", Level.Critical, "timed out"), plan.pods());
  }

  void awaitEffect(Action action, Plan plan) {
    await().atMost(PATIENCE).until(() -> effect(action, plan) instanceof Facts.Effect.Complete);
  }

  @Override
  public void close() {
    client.close();
  }
}
