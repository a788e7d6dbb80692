package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.ActionRecord;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A volume of its own file system, full of files that belong to another user. */
@WithApiServer(realNode = true)
class FullVolumeE2E {
  private static final String IMAGE = "localhost/heartbeat:e2e";
  private static final int WRITER = 1001;
  private static final int MEBIBYTE = 1024 * 1024;

  private final RealNode node;
  private final Path volume;

  FullVolumeE2E(ApiServer server) throws Exception {
    server.ownImage(IMAGE);
    node = new RealNode(server);
    volume = Files.createTempDirectory("volume-");
    run("mount", "-t", "tmpfs", "-o", "size=32m,mode=0755", "tmpfs", volume.toString());
    run("mkdir", volume + "/logs", volume + "/elsewhere");
    run("chown", "-R", WRITER + ":" + WRITER, volume.toString());
  }

  @AfterEach
  void close() throws Exception {
    node.server.kubectl("delete", "-f", "k8s/kubelet-stats.yaml", "--ignore-not-found");
    node.server.kubectl("delete", "pv", node.namespace, "--wait=false", "--ignore-not-found");
    node.close();
    run("umount", "--lazy", volume.toString());
    Files.delete(volume);
  }

  @Test
  void itsOldFilesAreDeletedAsTheirOwnerAndWhatWasFreedIsSaid() throws Exception {
    node.server.kubectl("apply", "-f", "k8s/kubelet-stats.yaml");
    node.kubectl("apply", "-f", "k8s/allow-jobs.yaml");
    mounted();
    node.apply(
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: 1s
          targets:
          - name: data
            disk: {persistentVolumeClaim: {claimName: data}, degraded: 60%, critical: 95%}
            failureThreshold: 1
            repair:
            - cleanup: {paths: [{path: logs, match: '*.log', olderThan: 24h}], keepNewest: 1}
              minimumLevel: Degraded
              verify: {successes: 2}
        """);
    try (var _ = RunningOperator.cleaning(node.server, node.namespace, IMAGE)) {
      node.awaitPeace();
      var others =
          List.of(file("logs/now.log", Duration.ZERO), file("elsewhere/1.log", Duration.ofDays(9)));
      for (var n = 0; n < 5; n++) {
        file("logs/" + n + ".log", Duration.ofDays(3 + n));
      }
      await()
          .atMost(RealNode.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(node.status().actions())
                      .singleElement()
                      .satisfies(
                          it -> assertThat(it.outcome()).isEqualTo(ActionRecord.Outcome.Helped))
                      .satisfies(
                          it -> assertThat(it.effect()).startsWith("freed 20.0 MiB in 5 files, ")));
      assertThat(others).allSatisfy(it -> assertThat(it).exists());
      try (var left = Files.list(volume.resolve("logs"))) {
        assertThat(left).hasSize(1);
      }
    }
  }

  /** A local volume, for which kubelets know how full it is, and a pod whose user writes there. */
  private void mounted() {
    node.apply(
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %1$s}
        spec:
          capacity: {storage: 32Mi}
          accessModes: [ReadWriteOnce]
          storageClassName: %1$s
          persistentVolumeReclaimPolicy: Retain
          local: {path: %2$s}
          nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [
            {key: kubernetes.io/hostname, operator: In, values: [node-1]}]}]}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: data
          labels: {heartbeat.nexus.io/cleanup: allowed}
          annotations: {heartbeat.nexus.io/cleanup-paths: logs}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: %1$s
          resources: {requests: {storage: 32Mi}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: writer}
        spec:
          securityContext: {runAsUser: %3$d, runAsGroup: %3$d}
          terminationGracePeriodSeconds: 1
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
          containers:
          - name: writer
            image: localhost/gateway:1
            imagePullPolicy: Never
            volumeMounts: [{name: data, mountPath: /data}]
        """
            .formatted(node.namespace, volume, WRITER));
    node.kubectl("wait", "--for=condition=Ready", "pod/writer", "--timeout=2m");
  }

  private Path file(String name, Duration age) throws Exception {
    var path = volume.resolve(name);
    Files.write(path, new byte[age.isZero() ? 1024 : 4 * MEBIBYTE]);
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
    run("chown", WRITER + ":" + WRITER, path.toString());
    run("chmod", "0600", path.toString());
    return path;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), said).isZero();
  }
}
