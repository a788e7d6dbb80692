package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.nexus.heartbeat.act.Workloads.Outcome;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.WorkloadFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@WithApiServer
class KubernetesWorkloadsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final ApiServer server;
  private final String namespace;
  private final Workloads workloads;

  KubernetesWorkloadsIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    this.workloads = new KubernetesWorkloads(server.admin(), InstantSource.fixed(NOW));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRestartReplacesThePodsOfEachKindAndItsRolloutIsSeenToComplete(Kind kind) throws Exception {
    var workload = new WorkloadRef(kind, "gateway");
    create(workload, "allowed", "");
    var before = settled(workload);
    var pods = podUids();

    assertThat(workloads.restart(namespace, plan(workload, before, "a1", 1)))
        .isEqualTo(new Outcome.Done());

    assertThat(found(workload).rolloutComplete()).isFalse();
    var after = settled(workload);
    assertThat(after.sequence()).isEqualTo(1);
    assertThat(after.lastAction()).isEqualTo("a1");
    assertThat(podUids()).isNotEmpty().doesNotContainAnyElementsOf(pods);
  }

  @Test
  void twoCallersAtOnceAndALaterOneRestartOnce() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    Callable<Outcome> restart = () -> workloads.restart(namespace, plan);

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(restart);
      var second = callers.submit(restart);
      assertThat(first.get()).isEqualTo(new Outcome.Done());
      assertThat(second.get()).isEqualTo(new Outcome.Done());
    }
    settled(workload);
    assertThat(workloads.restart(namespace, plan)).isEqualTo(new Outcome.Done());

    assertThat(generation()).isEqualTo(2);
  }

  @Test
  void aPlanThatALaterActOvertookDoesNothing() throws Exception {
    var workload = deployment();
    var stale = plan(workload, settled(workload), "old", 1);
    workloads.restart(namespace, plan(workload, found(workload), "new", 2));
    settled(workload);

    assertThat(workloads.restart(namespace, stale)).isInstanceOf(Outcome.Refused.class);
    assertThat(workloads.restart(namespace, plan(workload, found(workload), "twin", 2)))
        .isEqualTo(
            new Outcome.Refused(
                "a later act was done on Deployment/gateway, or this one called off: number 2, and"
                    + " this is number 2"));
    assertThat(generation()).isEqualTo(2);
  }

  @Test
  void aPlanThatIsCalledOffIsNeverDoneAndRollsNothingOut() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    var template = template();
    assertThat(workloads.callOff(namespace, plan)).isEqualTo(new Outcome.Refused("called off"));
    assertThat(workloads.restart(namespace, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(workloads.callOff(namespace, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(template()).isEqualTo(template);
  }

  @Test
  void whatWasDoneAlreadyCannotBeCalledOff() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    workloads.restart(namespace, plan);
    assertThat(workloads.callOff(namespace, plan)).isEqualTo(new Outcome.Done());
  }

  @Test
  void aWorkloadThatSomebodyElseIsRollingOutIsLeftAlone() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    server.kubectl("rollout", "pause", "deployment/gateway", "-n", namespace);

    assertThat(workloads.restart(namespace, plan))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.why()).contains("being changed by somebody else"));
  }

  @Test
  void aWorkloadIsOnlyTouchedWhenItsOwnerAllowsIt() throws Exception {
    var workload = new WorkloadRef(Kind.Deployment, "gateway");
    create(workload, "no", "");

    assertThat(workloads.restart(namespace, plan(workload, settled(workload), "a1", 1)))
        .isEqualTo(
            new Outcome.Refused(
                "Deployment/gateway is not released to Heartbeat: kubectl label deployment gateway"
                    + " -n "
                    + namespace
                    + " heartbeat.nexus.io/recovery=allowed"));
  }

  @Test
  void aPlanWhoseTimeIsOverOrWhoseWorkloadWasMadeAnewDoesNothing() throws Exception {
    var workload = deployment();
    var facts = settled(workload);

    var late = new Plan("a1", 1, workload, facts.uid(), NOW.minusSeconds(600), NOW);
    var another = new Plan("a1", 1, workload, "another-uid", NOW, NOW.plusSeconds(600));

    assertThat(workloads.restart(namespace, late)).isInstanceOf(Outcome.Refused.class);
    assertThat(workloads.restart(namespace, another)).isInstanceOf(Outcome.Refused.class);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void theOwnersLimitCountsTheActsOfAllMonitorsThoughTheyActAtOnce() throws Exception {
    var workload = deployment();
    server.kubectl(
        "annotate", "deployment/gateway", "-n", namespace, "heartbeat.nexus.io/max-actions=1/24h");
    var facts = settled(workload);
    var template = template();
    var ones = plan(workload, facts, "of-one-monitor", 1);
    var others = plan(workload, facts, "of-another", 2);

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(() -> workloads.restart(namespace, ones));
      var second = callers.submit(() -> workloads.restart(namespace, others));
      assertThat(Set.of(first.get(), second.get()))
          .hasSize(2)
          .contains(new Outcome.Done())
          .hasAtLeastOneElementOfType(Outcome.Refused.class);
    }
    assertThat(template()).isNotEqualTo(template);
    var later = settled(workload);
    assertThat(later.limits().acts()).containsExactly(NOW);
    assertThat(workloads.restart(namespace, plan(workload, later, "later", 3)))
        .isEqualTo(
            new Outcome.Refused(
                "owner's limit: Deployment/gateway: heartbeat.nexus.io/max-actions: 1 of 1 acts in"
                    + " 1 d are spent, until 2026-11-24T12:00:00Z"));
  }

  @Test
  void aLimitThatCannotBeReadIsClosed() throws Exception {
    var workload = deployment();
    server.kubectl(
        "annotate", "deployment/gateway", "-n", namespace, "heartbeat.nexus.io/cooldown=soon");
    var plan = plan(workload, settled(workload), "a1", 1);
    var template = template();
    assertThat(workloads.restart(namespace, plan))
        .isEqualTo(
            new Outcome.Refused(
                "owner's limit: Deployment/gateway: heartbeat.nexus.io/cooldown: 'soon' is not a"
                    + " duration; right would be 30s, 1m30s, 2h or 500ms"));
    assertThat(template()).isEqualTo(template);
  }

  @Test
  void aStatefulSetThatReplacesNoPodByItselfIsRefused() throws Exception {
    var workload = new WorkloadRef(Kind.StatefulSet, "gateway");
    create(workload, "allowed", "updateStrategy: {type: OnDelete},");

    assertThat(workloads.restart(namespace, plan(workload, settled(workload), "a1", 1)))
        .isEqualTo(
            new Outcome.Refused(
                "StatefulSet/gateway: its update strategy is OnDelete: it replaces no pod by"
                    + " itself"));
  }

  @Test
  void aMissingRightNamesTheCommandThatGrantsIt() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    var command =
        "kubectl create rolebinding heartbeat-actor -n "
            + namespace
            + " --clusterrole=heartbeat-actor --serviceaccount=heartbeat-system:heartbeat";
    try (var operator = server.operator()) {
      var restricted = new KubernetesWorkloads(operator, InstantSource.fixed(NOW));

      assertThat(restricted.look(namespace, workload))
          .isInstanceOfSatisfying(
              WorkloadFacts.Unreadable.class,
              unreadable -> assertThat(unreadable.why()).endsWith(command));
      assertThat(restricted.restart(namespace, plan))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, refused -> assertThat(refused.why()).endsWith(command));
    }
  }

  @Test
  void whatDoesNotExistIsMissing() {
    assertThat(workloads.look(namespace, new WorkloadRef(Kind.Deployment, "nothing")))
        .isEqualTo(new WorkloadFacts.Missing());
  }

  private WorkloadRef deployment() {
    var workload = new WorkloadRef(Kind.Deployment, "gateway");
    create(workload, "allowed", "");
    return workload;
  }

  private void create(WorkloadRef workload, String recovery, String more) {
    var replicas = workload.kind() == Kind.DaemonSet ? "" : "replicas: 2, ";
    var created =
        server.kubectlWithInput(
            """
            apiVersion: apps/v1
            kind: %s
            metadata: {name: %s, labels: {heartbeat.nexus.io/recovery: "%s"}}
            spec: {%s%s selector: {matchLabels: {app: gateway}}, template: {
              metadata: {labels: {app: gateway}},
              spec: {terminationGracePeriodSeconds: 0, containers: [{name: gateway, image: none}]}}}
            """
                .formatted(workload.kind(), workload.name(), recovery, replicas, more),
            "create",
            "-n",
            namespace,
            "-f",
            "-");
    assertThat(created.exitCode()).as(created.err()).isZero();
  }

  private WorkloadFacts.Found settled(WorkloadRef workload) {
    await().atMost(PATIENCE).until(() -> found(workload).rolloutComplete());
    assertThat(found(workload).changing()).isNull();
    return found(workload);
  }

  private WorkloadFacts.Found found(WorkloadRef workload) {
    return (WorkloadFacts.Found) workloads.look(namespace, workload);
  }

  private static Plan plan(
      WorkloadRef workload, WorkloadFacts.Found facts, String id, long sequence) {
    return new Plan(id, sequence, workload, facts.uid(), NOW, NOW.plusSeconds(600));
  }

  /** What a rollout is made of. */
  private PodTemplateSpec template() {
    return server
        .admin()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("gateway")
        .get()
        .getSpec()
        .getTemplate();
  }

  private long generation() {
    return server
        .admin()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("gateway")
        .get()
        .getMetadata()
        .getGeneration();
  }

  private Set<String> podUids() {
    return server.admin().pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> !pod.isMarkedForDeletion())
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }
}
