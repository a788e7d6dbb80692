package io.nexus.heartbeat.act;

import static io.nexus.heartbeat.act.Workspace.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.Cleanup;
import io.nexus.heartbeat.api.JobSource;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import java.util.List;

/** Each kind of act that changes something in a cluster, with what it is done to. */
enum Story {
  Restart(1) {
    @Override
    Ready prepare(Workspace workspace) {
      return new Ready(workspace.gateway(Kind.Deployment, "v1"), new Action.Restart(GATEWAY));
    }

    @Override
    void assertOnce(Workspace workspace, Ready act) {
      assertThat(workspace.generation()).isEqualTo(act.generation() + 1);
    }
  },
  Evict(2) {
    @Override
    Ready prepare(Workspace workspace) {
      workspace.gateway(Kind.Deployment, "v1");
      return new Ready(workspace, new Action.Evict(GATEWAY), workspace.pods().getFirst());
    }

    @Override
    void assertOnce(Workspace workspace, Ready act) {
      assertThat(workspace.pods())
          .hasSize(3)
          .doesNotContain(act.failing())
          .containsAll(act.pods().subList(1, 3));
    }
  },
  Rollback(1) {
    @Override
    Ready prepare(Workspace workspace) {
      workspace.gateway(Kind.Deployment, "good").gateway(Kind.Deployment, "bad");
      return new Ready(
          workspace, new io.nexus.heartbeat.api.Rollback(Kind.Deployment, "gateway", null));
    }

    @Override
    void assertOnce(Workspace workspace, Ready act) {
      assertThat(workspace.generation()).isEqualTo(act.generation() + 1);
      assertThat(workspace.get("deployment/gateway", "{.spec.template.spec.containers[0].image}"))
          .isEqualTo("good");
    }
  },
  Scale(1) {
    @Override
    Ready prepare(Workspace workspace) {
      return new Ready(
          workspace.gateway(Kind.Deployment, "v1"),
          new io.nexus.heartbeat.api.Scale(Kind.Deployment, "gateway", 5, Duration.ofHours(1)));
    }

    @Override
    void assertOnce(Workspace workspace, Ready act) {
      assertThat(workspace.get("deployment/gateway", "{.spec.replicas}")).isEqualTo("5");
      assertThat(
              workspace.get(
                  "deployment/gateway", "{.metadata.annotations.heartbeat\\.nexus\\.io/scaled}"))
          .startsWith("3 5 ");
    }
  },
  Job(2) {
    @Override
    Ready prepare(Workspace workspace) {
      workspace.apply(
          """
          apiVersion: batch/v1
          kind: CronJob
          metadata: {name: requeue-orders, labels: {heartbeat.nexus.io/recovery: allowed}}
          spec: {schedule: "0 0 1 1 *", suspend: true, jobTemplate: {spec: {template: {spec: {
            restartPolicy: OnFailure, nodeSelector: {nobody: has-this},
            containers: [{name: it, image: none}]}}}}}
          """);
      return new Ready(workspace, new JobSource("requeue-orders", Duration.ofMinutes(3)));
    }

    @Override
    void assertOnce(Workspace workspace, Ready act) {
      assertThat(workspace.get("jobs", "{.items[*].metadata.name}"))
          .doesNotContain(" ")
          .isNotEmpty();
    }
  },
  CleanUp(2) {
    @Override
    Ready prepare(Workspace workspace) {
      workspace.apply(
          """
          apiVersion: v1
          kind: PersistentVolumeClaim
          metadata:
            name: nexus-data
            labels: {heartbeat.nexus.io/cleanup: allowed}
            annotations: {heartbeat.nexus.io/cleanup-paths: "logs"}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: writer}
          spec:
            nodeName: node-1
            terminationGracePeriodSeconds: 0
            securityContext: {runAsUser: 1000}
            tolerations: [{operator: Exists}]
            volumes: [{name: data, persistentVolumeClaim: {claimName: nexus-data}}]
            containers: [{name: it, image: none, volumeMounts: [{name: data, mountPath: /data}]}]
          """);
      await()
          .atMost(Workspace.PATIENCE)
          .until(() -> workspace.get("pod/writer", "{.status.phase}").equals("Running"));
      var place = new Cleanup.Place("logs", "*.log", Duration.ofDays(7));
      return new Ready(
          workspace,
          new Clean(
              new Cleanup(List.of(place), List.of(), 3), new Subject(Clean.CLAIM, "nexus-data")));
    }

    @Override
    void assertOnce(Workspace workspace, Ready act) {
      assertThat(workspace.get("jobs", "{.items[*].metadata.name}"))
          .doesNotContain(" ")
          .isNotEmpty();
    }
  };

  /** In one run in which nothing goes wrong. */
  final int writes;

  Story(int writes) {
    this.writes = writes;
  }

  abstract Ready prepare(Workspace workspace);

  /** Its effect is there, and there once. */
  abstract void assertOnce(Workspace workspace, Ready act);

  /**
   * What may be done now.
   *
   * @param pods before it
   * @param generation of the gateway before it
   */
  record Ready(Action action, PodRef[] failing, List<PodRef> pods, long generation) {
    Ready(Workspace workspace, Action action, PodRef... failing) {
      this(action, failing, workspace.pods(), workspace.generation());
    }

    /** No pod runs here, so a Job that was made is as far as it comes. */
    boolean isEnd(Effect effect) {
      return effect instanceof Effect.Complete
          || (effect instanceof Effect.Underway && !action.subject().kind().equals("Deployment"));
    }
  }
}
