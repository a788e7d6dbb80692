package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.JobSource;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithApiServer
class JobDeedIT {
  private static final JobSource REQUEUE = new JobSource("requeue-orders", Duration.ofMinutes(3));

  private final Workspace workspace;

  JobDeedIT(ApiServer server) {
    workspace = new Workspace(server);
    workspace.apply(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: requeue-orders, labels: {heartbeat.nexus.io/recovery: allowed}}
        spec: {schedule: "0 0 1 1 *", suspend: true, jobTemplate: {spec: {template: {spec: {
          restartPolicy: OnFailure, nodeSelector: {nobody: has-this},
          containers: [{name: it, image: none}]}}}}}
        """);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void oneJobIsMadeHoweverOftenItIsAskedForAndItsEndIsSeen() throws Exception {
    assertThat(workspace.found(REQUEUE).affects())
        .isEqualTo("runs one Job of CronJob/requeue-orders, for 3 min at most");
    var plan = workspace.plan(REQUEUE, "j1");
    assertThat(workspace.perform(REQUEUE, plan)).isEqualTo(new Outcome.Done());
    assertThat(workspace.perform(REQUEUE, plan)).isEqualTo(new Outcome.Done());

    assertThat(jobs()).isEqualTo("heartbeat-j1");
    assertThat(job("{.spec.backoffLimit} {.spec.activeDeadlineSeconds}")).isEqualTo("0 180");
    assertThat(workspace.effect(REQUEUE, plan)).isInstanceOf(Effect.Underway.class);

    endPod("Succeeded");
    workspace.awaitEffect(REQUEUE, plan);
  }

  @Test
  void aJobThatFailsSaysSo() throws Exception {
    var plan = workspace.plan(REQUEUE, "j1");
    workspace.perform(REQUEUE, plan);
    endPod("Failed");
    await()
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(workspace.effect(REQUEUE, plan))
                    .isInstanceOfSatisfying(
                        Effect.Failed.class,
                        it -> assertThat(it.words()).startsWith("Job heartbeat-j1 failed: ")));
  }

  @Test
  void whoTookTheTicketAndDiedLeavesAJobToBeMadeByTheNext() throws Exception {
    var plan = workspace.plan(REQUEUE, "j1");
    workspace.kubectl(
        "annotate",
        "cronjob",
        "requeue-orders",
        "heartbeat.nexus.io/action=j1",
        "heartbeat.nexus.io/sequence=1");
    assertThat(workspace.effect(REQUEUE, plan)).isInstanceOf(Effect.Unfinished.class);
    assertThat(workspace.perform(REQUEUE, plan)).isEqualTo(new Outcome.Done());
    assertThat(jobs()).isEqualTo("heartbeat-j1");
  }

  @Test
  void aJobThatSomebodyDeletesIsNotMadeAgain() throws Exception {
    var plan = workspace.plan(REQUEUE, "j1");
    workspace.perform(REQUEUE, plan);
    workspace.kubectl("delete", "job", "heartbeat-j1");
    workspace.now = workspace.now.plusSeconds(121);
    assertThat(workspace.effect(REQUEUE, plan)).isInstanceOf(Effect.Failed.class);
    assertThat(workspace.perform(REQUEUE, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  @Test
  void whatWasCalledOffIsNotRun() throws Exception {
    var plan = workspace.plan(REQUEUE, "j1");
    assertThat(workspace.actor.callOff(workspace.monitor, plan))
        .isEqualTo(new Outcome.Refused("called off"));
    assertThat(workspace.perform(REQUEUE, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  @Test
  void theLimitOfTheCronJobsOwnerHoldsForItToo() throws Exception {
    workspace.kubectl(
        "annotate", "cronjob", "requeue-orders", "heartbeat.nexus.io/max-actions=1/24h");
    assertThat(workspace.perform(REQUEUE, workspace.plan(REQUEUE, "j1")))
        .isEqualTo(new Outcome.Done());
    assertThat(workspace.found(REQUEUE).obstacle())
        .satisfiesAnyOf(
            it -> assertThat(it.gate()).isEqualTo("owner's limit"),
            it -> assertThat(it.why()).contains("heartbeat-j1")); // it runs still
    assertThat(workspace.perform(REQUEUE, workspace.plan(REQUEUE, "j2")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.why())
                    .startsWith(
                        "owner's limit: CronJob/requeue-orders: heartbeat.nexus.io/max-actions: 1"
                            + " of 1 acts in 1 d are spent"));
    assertThat(jobs()).isEqualTo("heartbeat-j1");
  }

  @Test
  void aCronJobThatNobodyReleasedRunsNothing() throws Exception {
    var plan = workspace.plan(REQUEUE, "j1");
    workspace.kubectl("label", "cronjob", "requeue-orders", "heartbeat.nexus.io/recovery-");
    assertThat(workspace.found(REQUEUE).release())
        .isEqualTo(
            "kubectl label cronjob requeue-orders -n %s heartbeat.nexus.io/recovery=allowed"
                .formatted(workspace.namespace));
    assertThat(workspace.perform(REQUEUE, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  private void endPod(String phase) {
    await().atMost(Workspace.PATIENCE).until(() -> !workspace.pods().isEmpty());
    workspace.kubectl(
        "patch",
        "pod",
        workspace.pods().getFirst().name(),
        "--subresource=status",
        "-p",
        "{\"status\": {\"phase\": \"%s\"}}".formatted(phase));
  }

  private String jobs() {
    return workspace.kubectl("get", "jobs", "-o", "jsonpath={.items[*].metadata.name}");
  }

  private String job(String path) {
    return workspace.kubectl("get", "job", "heartbeat-j1", "-o", "jsonpath=" + path);
  }
}
