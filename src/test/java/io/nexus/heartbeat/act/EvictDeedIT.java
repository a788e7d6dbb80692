package io.nexus.heartbeat.act;

import static io.nexus.heartbeat.act.Workspace.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action.Evict;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithApiServer
class EvictDeedIT {
  private static final Evict EVICT = new Evict(GATEWAY);

  private final Workspace workspace;

  EvictDeedIT(ApiServer server) {
    workspace = new Workspace(server).gateway(Kind.Deployment, "v1");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void theFailingPodIsEvictedOnceAndTheOthersAreUntouched() throws Exception {
    var before = workspace.pods();
    var hung = before.getFirst();
    var found = workspace.found(EVICT, hung);
    assertThat(found.obstacle()).isNull();
    assertThat(found.affects()).isEqualTo("evicts 1 of 3 pods: " + hung.name());

    var plan = workspace.plan(EVICT, "e1", hung);
    assertThat(workspace.perform(EVICT, plan)).isEqualTo(new Outcome.Done());
    workspace.awaitEffect(EVICT, plan);

    var after = workspace.pods();
    assertThat(after).hasSize(3).doesNotContain(hung).containsAll(before.subList(1, 3));
    assertThat(workspace.perform(EVICT, plan)).isEqualTo(new Outcome.Done());
    assertThat(workspace.pods()).isEqualTo(after);
  }

  @Test
  void aPodThatIsNotTheWorkloadsIsNotEvictedThoughThePlanNamesIt() throws Exception {
    workspace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: stranger, labels: {app: gateway}}
        spec: {containers: [{name: it, image: none}]}
        """);
    var uid = workspace.kubectl("get", "pod", "stranger", "-o", "jsonpath={.metadata.uid}");
    var stranger = new PodRef("stranger", uid);

    assertThat(workspace.found(EVICT, stranger).obstacle().gate()).isEqualTo("no pod to evict");
    var hung = workspace.pods().getFirst();
    var plan = workspace.plan(EVICT, "e1", hung);
    var forged =
        new Plan(
            plan.id(),
            plan.sequence(),
            plan.action(),
            plan.subject(),
            plan.uid(),
            plan.plannedAt(),
            plan.deadline(),
            List.of(stranger),
            null);
    workspace.perform(EVICT, forged);
    assertThat(workspace.pods()).contains(stranger);
  }

  @Test
  void whenAllPodsFailItIsNotAMatterOfSinglePods() {
    var all = workspace.pods().toArray(PodRef[]::new);
    assertThat(workspace.found(EVICT, all).obstacle())
        .satisfies(it -> assertThat(it.gate()).isEqualTo("all pods fail"))
        .satisfies(it -> assertThat(it.lasting()).isTrue());
  }

  @Test
  void aDisruptionBudgetThatNeverAllowsIsObeyedAndNamed() throws Exception {
    workspace.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: never}
        spec: {maxUnavailable: 0, selector: {matchLabels: {app: gateway}}}
        """);
    var before = workspace.pods();
    var plan = workspace.plan(EVICT, "e1", before.getFirst());
    assertThat(workspace.perform(EVICT, plan))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.why()).contains("may not be evicted", "disruption budget"));
    assertThat(workspace.pods()).isEqualTo(before);
    assertThat(workspace.effect(EVICT, plan)).isInstanceOf(Effect.Unfinished.class);
  }

  @Test
  void aPodThatFailsNoMoreIsNotEvictedThoughItWasPlanned() throws Exception {
    var before = workspace.pods();
    var plan = workspace.plan(EVICT, "e1", before.get(0), before.get(1));
    var due =
        new Due(
            plan,
            EVICT,
            new Due.Occasion("gateway", Level.Degraded, "timed out"),
            List.of(before.get(0)));
    assertThat(workspace.actor.perform(workspace.monitor, due)).isEqualTo(new Outcome.Done());
    assertThat(workspace.pods()).doesNotContain(before.get(0)).contains(before.get(1));
  }

  @Test
  void whoThawsWhenThePlansTimeIsOverEvictsNothingThoughTheTicketIsItsOwn() throws Exception {
    workspace.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: never}
        spec: {maxUnavailable: 0, selector: {matchLabels: {app: gateway}}}
        """);
    var before = workspace.pods();
    var plan = workspace.plan(EVICT, "e1", before.getFirst());
    assertThat(workspace.perform(EVICT, plan)).isInstanceOf(Outcome.Failed.class);
    workspace.kubectl("delete", "pdb", "never");
    workspace.now = workspace.now.plusSeconds(121);
    assertThat(workspace.perform(EVICT, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(workspace.pods()).isEqualTo(before);
  }

  @Test
  void whoDoesNotHoldTheTicketEvictsNothing() throws Exception {
    var before = workspace.pods();
    var plan = workspace.plan(EVICT, "e1", before.getFirst());
    assertThat(workspace.actor.callOff(workspace.monitor, plan))
        .isEqualTo(new Outcome.Refused("called off"));
    assertThat(workspace.perform(EVICT, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(workspace.pods()).isEqualTo(before);
  }
}
