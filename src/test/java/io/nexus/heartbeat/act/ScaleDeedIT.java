package io.nexus.heartbeat.act;

import static io.nexus.heartbeat.act.Workspace.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.MonitorState.Raised;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithApiServer
class ScaleDeedIT {
  private static final Scale SCALE = new Scale(Kind.Deployment, "gateway", 5, Duration.ofHours(1));

  private final Workspace workspace;

  ScaleDeedIT(ApiServer server) {
    workspace = new Workspace(server).gateway(Kind.Deployment, "v1");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void itIsRaisedOnceAndPutBackByWhoeverReadsWhatStandsOnTheWorkload() throws Exception {
    assertThat(workspace.found(SCALE).affects()).isEqualTo("3 replicas become 5 for 1 h");
    scaled();
    assertThat(replicas()).isEqualTo("5");

    assertThat(putBack()).isEqualTo(new Outcome.Done());
    assertThat(replicas()).isEqualTo("3");
    assertThat(mark()).isEmpty();
    assertThat(putBack()).isEqualTo(new Outcome.Done());
    assertThat(replicas()).isEqualTo("3");
  }

  @Test
  void whatSomebodySetMeanwhileIsLeft() throws Exception {
    scaled();
    workspace.kubectl("scale", "deployment", "gateway", "--replicas=7");
    assertThat(putBack()).isEqualTo(new Outcome.Done());
    assertThat(replicas()).isEqualTo("7");
    assertThat(mark()).isEmpty();
  }

  @Test
  void whatWasRaisedTwiceIsPutBackToWhatItWasAtFirst() throws Exception {
    scaled();
    var more = new Scale(Kind.Deployment, "gateway", 6, Duration.ofHours(1));
    var plan = workspace.plan(more, "s2");
    assertThat(workspace.perform(more, plan)).isEqualTo(new Outcome.Done());
    assertThat(replicas()).isEqualTo("6");
    putBack();
    assertThat(replicas()).isEqualTo("3");
  }

  @Test
  void whatAnotherMonitorRaisedForLongerIsLeftToIt() throws Exception {
    scaled();
    assertThat(putBack(workspace.now.plus(Duration.ofMinutes(30)))).isEqualTo(new Outcome.Done());
    assertThat(replicas()).isEqualTo("5");
    assertThat(mark()).isNotEmpty();
  }

  @Test
  void whatSomebodySetSinceItWasRaisedIsWhatItHadWhenItIsRaisedAgain() throws Exception {
    scaled();
    workspace.kubectl("scale", "deployment", "gateway", "--replicas=4");
    var plan = workspace.plan(SCALE, "s2");
    await().until(() -> workspace.perform(SCALE, plan), it -> it.equals(new Outcome.Done()));
    assertThat(replicas()).isEqualTo("5");
    putBack();
    assertThat(replicas()).isEqualTo("4");
  }

  @Test
  void whatNobodyRemembersIsPutBackOnceItsTimeIsOver() throws Exception {
    scaled();
    var overdue = new OverdueReplicas(workspace.client, () -> workspace.now);
    overdue.putBack(workspace.monitor.namespace());
    assertThat(replicas()).isEqualTo("5");

    var later = workspace.now.plus(Duration.ofHours(2));
    new OverdueReplicas(workspace.client, () -> later).putBack(workspace.monitor.namespace());
    assertThat(replicas()).isEqualTo("3");
    assertThat(mark()).isEmpty();
  }

  @Test
  void whereItHasAsManyThereIsNothingToRaise() {
    var fewer = new Scale(Kind.Deployment, "gateway", 3, null);
    assertThat(workspace.found(fewer).obstacle())
        .satisfies(it -> assertThat(it.gate()).isEqualTo("nothing to raise"))
        .satisfies(it -> assertThat(it.lasting()).isTrue());
  }

  @Test
  void anAutoscalersReplicasAreLeftToItAlsoWhenItCameInBetween() throws Exception {
    var plan = workspace.plan(SCALE, "s1");
    workspace.apply(
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: busy}
        spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: gateway}}
        """);
    assertThat(workspace.found(SCALE).obstacle().why())
        .isEqualTo(
            "Deployment/gateway: HorizontalPodAutoscaler/busy sets the replicas of Deployment/gateway");
    assertThat(workspace.perform(SCALE, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(replicas()).isEqualTo("3");
  }

  private void scaled() throws InterruptedException {
    var plan = workspace.plan(SCALE, "s1");
    assertThat(workspace.perform(SCALE, plan)).isEqualTo(new Outcome.Done());
    assertThat(workspace.perform(SCALE, plan)).isEqualTo(new Outcome.Done());
    workspace.awaitEffect(SCALE, plan);
  }

  private Outcome putBack() throws InterruptedException {
    return putBack(workspace.now.plus(Duration.ofHours(2)));
  }

  private Outcome putBack(Instant until) throws InterruptedException {
    return workspace.actor.putBack(workspace.monitor, new Raised(GATEWAY, until));
  }

  private String replicas() {
    return workspace.kubectl("get", "deployment", "gateway", "-o", "jsonpath={.spec.replicas}");
  }

  private String mark() {
    return workspace.kubectl(
        "get",
        "deployment",
        "gateway",
        "-o",
        "jsonpath={.metadata.annotations.heartbeat\\.nexus\\.io/scaled}");
  }
}
