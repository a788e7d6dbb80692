package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.Cleanup;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@WithApiServer
class CleanupDeedIT {
  private static final Clean CLEAN =
      new Clean(
          new Cleanup(
              List.of(new Cleanup.Place("logs", "*.log", Duration.ofDays(7))), List.of(), 3),
          new Subject(Clean.CLAIM, "nexus-data"));

  private final Workspace workspace;

  CleanupDeedIT(ApiServer server) {
    workspace = new Workspace(server);
    workspace.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: nexus-data
          labels: {heartbeat.nexus.io/cleanup: allowed}
          annotations: {heartbeat.nexus.io/cleanup-paths: "logs,reports"}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void oneJobIsMadeHoweverOftenItIsAskedForAndWhatItFreedIsSaid() throws Exception {
    mount();
    assertThat(workspace.found(CLEAN).obstacle()).isNull();
    assertThat(workspace.found(CLEAN).affects())
        .isEqualTo("deletes old files of PersistentVolumeClaim/nexus-data, for 10 min at most");
    var plan = workspace.plan(CLEAN, "c1");
    assertThat(workspace.perform(CLEAN, plan)).isEqualTo(new Outcome.Done());
    assertThat(workspace.perform(CLEAN, plan)).isEqualTo(new Outcome.Done());
    assertThat(jobs()).isEqualTo("heartbeat-c1");
    assertThat(workspace.effect(CLEAN, plan)).isInstanceOf(Effect.Underway.class);

    end(
        "Succeeded",
        "{\\\"files\\\": 340, \\\"bytes\\\": 1288490188, \\\"percentBefore\\\": 96, \\\"percentAfter\\\": 71}");
    workspace.awaitEffect(CLEAN, plan);
    assertThat(workspace.effect(CLEAN, plan).words())
        .isEqualTo("freed 1.2 GiB in 340 files, 96% → 71% full");
  }

  @Test
  void aJobThatFailsSaysSo() throws Exception {
    mount();
    var plan = workspace.plan(CLEAN, "c1");
    workspace.perform(CLEAN, plan);
    end("Failed", "there is no \\u001b[31mvolume here");
    await()
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(workspace.effect(CLEAN, plan))
                    .isEqualTo(
                        new Effect.Failed("Job heartbeat-c1 failed: there is no volume here")));
  }

  @Test
  void whatNobodyMountsIsNotCleaned() throws Exception {
    assertThat(workspace.found(CLEAN).obstacle().gate()).isEqualTo("nobody mounts it");
    assertThat(workspace.perform(CLEAN, workspace.plan(CLEAN, "c1")))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  @Test
  void aClaimThatNobodyReleasedIsNotCleaned() throws Exception {
    mount();
    var plan = workspace.plan(CLEAN, "c1");
    workspace.kubectl("label", "pvc", "nexus-data", "heartbeat.nexus.io/cleanup-");
    assertThat(workspace.found(CLEAN).release())
        .isEqualTo(
            "kubectl label persistentvolumeclaim nexus-data -n %s heartbeat.nexus.io/cleanup=allowed"
                .formatted(workspace.namespace));
    assertThat(workspace.perform(CLEAN, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  @Test
  void directoriesThatItsOwnerDidNotListAreNotCleaned() throws Exception {
    mount();
    var plan = workspace.plan(CLEAN, "c1");
    workspace.kubectl(
        "annotate", "--overwrite", "pvc", "nexus-data", "heartbeat.nexus.io/cleanup-paths=reports");
    assertThat(workspace.found(CLEAN).obstacle().why()).contains("'logs' may not be cleaned");
    assertThat(workspace.perform(CLEAN, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  @Test
  void consentThatIsWithdrawnHoldsAlsoForAnActThatWasBegun() throws Exception {
    mount();
    var plan = workspace.plan(CLEAN, "c1");
    workspace.kubectl(
        "annotate",
        "pvc",
        "nexus-data",
        "heartbeat.nexus.io/action=c1",
        "heartbeat.nexus.io/sequence=1");
    assertThat(workspace.effect(CLEAN, plan)).isInstanceOf(Effect.Unfinished.class);
    workspace.kubectl("label", "pvc", "nexus-data", "heartbeat.nexus.io/cleanup-");
    assertThat(workspace.perform(CLEAN, plan)).isInstanceOf(Outcome.Refused.class);
    workspace.kubectl("label", "pvc", "nexus-data", "heartbeat.nexus.io/cleanup=allowed");
    assertThat(workspace.perform(CLEAN, plan)).isEqualTo(new Outcome.Done());
    assertThat(jobs()).isEqualTo("heartbeat-c1");
  }

  @Test
  void whatWasCalledOffIsNotRun() throws Exception {
    mount();
    var plan = workspace.plan(CLEAN, "c1");
    assertThat(workspace.actor.callOff(workspace.monitor, plan))
        .isEqualTo(new Outcome.Refused("called off"));
    assertThat(workspace.perform(CLEAN, plan)).isInstanceOf(Outcome.Refused.class);
    assertThat(jobs()).isEmpty();
  }

  /** A pod that says it runs. */
  private void mount() {
    workspace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: writer}
        spec:
          nodeName: node-1
          terminationGracePeriodSeconds: 0
          securityContext: {runAsUser: 1000, fsGroup: 2000}
          tolerations: [{operator: Exists}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: nexus-data}}]
          containers: [{name: it, image: none, volumeMounts: [{name: data, mountPath: /data}]}]
        """);
    status("writer", "{\"phase\": \"Running\"}");
  }

  private void end(String phase, String message) {
    await().atMost(Workspace.PATIENCE).until(() -> !pod().isEmpty());
    status(
        pod(),
        """
        {"phase": "%s", "containerStatuses": [{"name": "cleanup", "image": "i", "imageID": "i", "ready": false,
          "restartCount": 0, "state": {"terminated": {"exitCode": 0, "message": "%s"}}}]}
        """
            .formatted(phase, message));
  }

  private void status(String pod, String status) {
    workspace.kubectl(
        "patch", "pod", pod, "--subresource=status", "-p", "{\"status\": " + status + "}");
  }

  private String pod() {
    return workspace.kubectl(
        "get",
        "pods",
        "-l",
        "heartbeat.nexus.io/action=c1",
        "-o",
        "jsonpath={.items[*].metadata.name}");
  }

  private String jobs() {
    return workspace.kubectl("get", "jobs", "-o", "jsonpath={.items[*].metadata.name}");
  }
}
