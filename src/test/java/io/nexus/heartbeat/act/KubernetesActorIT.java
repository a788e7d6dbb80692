package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.decide.Look;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@WithApiServer
class KubernetesActorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final ApiServer server;
  private final String namespace;
  private final Actor actor;

  KubernetesActorIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    this.actor = new KubernetesActor(server.admin(), InstantSource.fixed(NOW), null, (String) null);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRestartReplacesThePodsOfEachKindAndItsRolloutIsSeenToComplete(Kind kind) throws Exception {
    var workload = new WorkloadRef(kind, "gateway");
    create(workload, "allowed", "");
    var before = settled(workload);
    var pods = podUids();

    assertThat(perform(actor, plan(workload, before, "a1", 1))).isEqualTo(new Outcome.Done());

    assertThat(isComplete(workload)).isFalse();
    var after = settled(workload);
    assertThat(after.sequence()).isEqualTo(1);
    assertThat(after.lastAction()).isEqualTo("a1");
    assertThat(podUids()).isNotEmpty().doesNotContainAnyElementsOf(pods);
  }

  @Test
  void twoCallersAtOnceAndALaterOneRestartOnce() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    Callable<Outcome> restart = () -> perform(actor, plan);

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(restart);
      var second = callers.submit(restart);
      assertThat(first.get()).isEqualTo(new Outcome.Done());
      assertThat(second.get()).isEqualTo(new Outcome.Done());
    }
    settled(workload);
    assertThat(perform(actor, plan)).isEqualTo(new Outcome.Done());

    assertThat(generation()).isEqualTo(2);
  }

  @Test
  void aPlanThatALaterActOvertookDoesNothing() throws Exception {
    var workload = deployment();
    var stale = plan(workload, settled(workload), "old", 1);
    perform(actor, plan(workload, found(workload), "new", 2));
    settled(workload);

    assertThat(perform(actor, stale)).isInstanceOf(Outcome.Refused.class);
    assertThat(perform(actor, plan(workload, found(workload), "twin", 2)))
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
    assertThat(actor.callOff(monitor(), plan)).isEqualTo(new Outcome.Refused("called off"));
    assertThat(perform(actor, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(actor.callOff(monitor(), plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(template()).isEqualTo(template);
  }

  @Test
  void aForgedNumberNeitherActsNorKeepsLaterPlansFromActing() throws Exception {
    var workload = deployment();
    var uid = settled(workload);
    var forged = plan(workload, uid, "f1", Long.MAX_VALUE);
    assertThat(perform(actor, forged)).isInstanceOf(Outcome.Refused.class);
    assertThat(actor.callOff(monitor(), forged)).isInstanceOf(Outcome.Refused.class);
    assertThat(perform(actor, plan(workload, uid, "a1", 1))).isEqualTo(new Outcome.Done());
  }

  @Test
  void whatWasDoneAlreadyCannotBeCalledOff() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    perform(actor, plan);
    assertThat(actor.callOff(monitor(), plan)).isEqualTo(new Outcome.Done());
  }

  @Test
  void aWorkloadThatSomebodyElseIsRollingOutIsLeftAlone() throws Exception {
    var workload = deployment();
    var plan = plan(workload, settled(workload), "a1", 1);
    server.kubectl("rollout", "pause", "deployment/gateway", "-n", namespace);

    assertThat(perform(actor, plan))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.why()).contains("being changed by somebody else"));
  }

  @Test
  void aWorkloadIsOnlyTouchedWhenItsOwnerAllowsIt() throws Exception {
    var workload = new WorkloadRef(Kind.Deployment, "gateway");
    create(workload, "no", "");

    assertThat(perform(actor, plan(workload, settled(workload), "a1", 1)))
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

    var late =
        new Plan(
            "a1",
            1,
            restart(workload).words(),
            workload.subject(),
            facts.uid(),
            NOW.minusSeconds(600),
            NOW,
            List.of(),
            null);
    var another =
        new Plan(
            "a1",
            1,
            restart(workload).words(),
            workload.subject(),
            "another-uid",
            NOW,
            NOW.plusSeconds(600),
            List.of(),
            null);

    assertThat(perform(actor, late)).isInstanceOf(Outcome.Refused.class);
    assertThat(perform(actor, another)).isInstanceOf(Outcome.Refused.class);
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
      var first = callers.submit(() -> perform(actor, ones));
      var second = callers.submit(() -> perform(actor, others));
      assertThat(Set.of(first.get(), second.get()))
          .hasSize(2)
          .contains(new Outcome.Done())
          .hasAtLeastOneElementOfType(Outcome.Refused.class);
    }
    assertThat(template()).isNotEqualTo(template);
    var later = settled(workload);
    assertThat(later.obstacle())
        .isEqualTo(
            Obstacle.passing(
                "owner's limit",
                "Deployment/gateway: heartbeat.nexus.io/max-actions: 1 of 1 acts in 1 d are spent,"
                    + " until 2026-11-24T12:00:00Z"));
    assertThat(perform(actor, plan(workload, later, "later", 3)))
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
    assertThat(perform(actor, plan))
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

    assertThat(perform(actor, plan(workload, settled(workload), "a1", 1)))
        .isEqualTo(
            new Outcome.Refused(
                "cannot be restarted: StatefulSet/gateway: its update strategy is OnDelete: it replaces no pod by"
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
      var restricted = new KubernetesActor(operator, InstantSource.fixed(NOW), null, null);

      assertThat(restricted.look(monitor(), look(workload)))
          .isInstanceOfSatisfying(
              Facts.Unreadable.class, unreadable -> assertThat(unreadable.why()).endsWith(command));
      assertThat(perform(restricted, plan))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, refused -> assertThat(refused.why()).endsWith(command));
    }
  }

  @Test
  void whatDoesNotExistIsMissing() {
    assertThat(actor.look(monitor(), look(new WorkloadRef(Kind.Deployment, "nothing"))))
        .isEqualTo(new Facts.Missing());
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

  private Facts.Found settled(WorkloadRef workload) {
    await().atMost(PATIENCE).until(() -> isComplete(workload));
    assertThat(found(workload).obstacle())
        .as("nobody is changing it")
        .satisfiesAnyOf(
            it -> assertThat(it).isNull(),
            it -> assertThat(it.gate()).isIn("cannot be restarted", "owner's limit"));
    return found(workload);
  }

  private Facts.Found found(WorkloadRef workload) {
    return (Facts.Found) actor.look(monitor(), look(workload));
  }

  private static Plan plan(WorkloadRef workload, Facts.Found facts, String id, long sequence) {
    return new Plan(
        id,
        sequence,
        restart(workload).words(),
        workload.subject(),
        facts.uid(),
        NOW,
        NOW.plusSeconds(600),
        List.of(),
        null);
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

  private boolean isComplete(WorkloadRef workload) {
    return found(workload).effect() instanceof Facts.Effect.Complete;
  }

  private MonitorRef monitor() {
    return new MonitorRef(namespace, "nexus", "monitor-uid");
  }

  private static Look look(WorkloadRef workload) {
    return new Look(restart(workload), null, List.of());
  }

  private static Action.Restart restart(WorkloadRef workload) {
    return new Action.Restart(workload);
  }

  private Outcome perform(Actor by, Plan plan) throws InterruptedException {
    var kind = Kind.valueOf(plan.subject().kind());
    return by.perform(
        monitor(), Workspace.due(restart(new WorkloadRef(kind, plan.subject().name())), plan));
  }
}
