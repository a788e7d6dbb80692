package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Rollback;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@WithApiServer
class RollbackDeedIT {
  private final Workspace workspace;

  RollbackDeedIT(ApiServer server) {
    workspace = new Workspace(server, Duration.ZERO);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theTemplateOfBeforeIsTheTemplateAgain(Kind kind) throws Exception {
    workspace.gateway(kind, "good");
    workspace.gateway(kind, "bad");
    var rollback = new Rollback(kind, "gateway", null);

    var plan = workspace.plan(rollback, "r1");
    assertThat(workspace.found(rollback).obstacle()).isNull();
    assertThat(workspace.found(rollback).affects()).startsWith("replaces all its pods by those of");
    assertThat(workspace.perform(rollback, plan)).isEqualTo(new Outcome.Done());
    workspace.awaitEffect(rollback, plan);

    assertThat(image(kind)).isEqualTo("good");
    assertThat(workspace.perform(rollback, plan)).isEqualTo(new Outcome.Done());
    assertThat(image(kind)).isEqualTo("good");
  }

  @Test
  void aStatefulSetWhoseNewPodIsNotReadyForTenMinutesIsTakenBackWithThatPod() throws Exception {
    var kind = Kind.StatefulSet;
    workspace.gateway(kind, "good");
    var untouched = workspace.pods().subList(0, 2);
    var rollback = new Rollback(kind, "gateway", null);
    workspace.kubectl(
        "patch",
        "statefulset",
        "gateway",
        "-p",
        """
        {"spec": {"template": {"spec": {"containers": [
          {"name": "gateway", "image": "bad", "resources": {"requests": {"cpu": "9000"}}}]}}}}
        """);
    await()
        .atMost(Workspace.PATIENCE)
        .until(() -> obstacle(rollback), it -> it.contains("rollout in progress"));

    workspace.now = workspace.now.plus(Duration.ofMinutes(11));
    await().atMost(Workspace.PATIENCE).until(() -> obstacle(rollback), String::isEmpty);
    var plan = workspace.plan(rollback, "r1");
    assertThat(workspace.perform(rollback, plan)).isEqualTo(new Outcome.Done());
    assertThat(image(kind)).isEqualTo("good");
    // It waits for the pod that will never be Ready, until somebody takes it away.
    await()
        .atMost(Workspace.PATIENCE)
        .until(() -> workspace.effect(rollback, plan) instanceof Effect.Unfinished);
    assertThat(workspace.perform(rollback, plan)).isEqualTo(new Outcome.Done());
    workspace.awaitEffect(rollback, plan);
    assertThat(workspace.pods()).hasSize(3).containsAll(untouched);
  }

  private String obstacle(Rollback rollback) {
    var obstacle = workspace.found(rollback).obstacle();
    return obstacle == null ? "" : obstacle.why();
  }

  @Test
  void aRestartIsNothingToRollBackTo() throws Exception {
    workspace.gateway(Kind.Deployment, "good");
    var restart = new Action.Restart(new WorkloadRef(Kind.Deployment, "gateway"));
    var plan = workspace.plan(restart, "a1");
    workspace.perform(restart, plan);
    workspace.awaitEffect(restart, plan);

    assertThat(workspace.found(new Rollback(Kind.Deployment, "gateway", null)).obstacle())
        .satisfies(it -> assertThat(it.gate()).isEqualTo("nothing to roll back to"))
        .satisfies(it -> assertThat(it.lasting()).isTrue());
  }

  @Test
  void whatWasReplacedAtOnceIsTakenForNoGood() {
    workspace.gateway(Kind.Deployment, "tried");
    workspace.gateway(Kind.Deployment, "now");
    assertThat(
            workspace
                .strict()
                .found(new Rollback(Kind.Deployment, "gateway", null))
                .obstacle()
                .why())
        .contains("no earlier revision differs and was in service for 10 min");
  }

  @Test
  void whatHasServedForLongIsNotTheCause() {
    workspace.gateway(Kind.Deployment, "good");
    workspace.gateway(Kind.Deployment, "bad");
    workspace.now = workspace.now.plus(Duration.ofHours(25));
    assertThat(workspace.found(new Rollback(Kind.Deployment, "gateway", null)).obstacle().gate())
        .isEqualTo("not the revision's doing");
    var patient = new Rollback(Kind.Deployment, "gateway", Duration.ofHours(48));
    assertThat(workspace.found(patient).obstacle()).isNull();
  }

  @Test
  void aTemplateThatGitOpsOwnsIsLeftToIt() {
    var rollback = new Rollback(Kind.Deployment, "gateway", null);
    workspace.gateway(Kind.Deployment, "good");
    workspace.gateway(Kind.Deployment, "bad");
    workspace.kubectl(
        "patch",
        "deployment",
        "gateway",
        "--field-manager=argocd-controller",
        "-p",
        "{\"spec\": {\"template\": {\"spec\": {\"priority\": null, \"hostname\": \"g\"}}}}");
    await()
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(workspace.found(rollback).obstacle())
                    .isNotNull()
                    .satisfies(
                        it ->
                            assertThat(it.why())
                                .contains("argocd-controller holds its template by GitOps")));
  }

  private String image(Kind kind) {
    return workspace.kubectl(
        "get",
        kind.name().toLowerCase(java.util.Locale.ROOT),
        "gateway",
        "-o",
        "jsonpath={.spec.template.spec.containers[0].image}");
  }
}
