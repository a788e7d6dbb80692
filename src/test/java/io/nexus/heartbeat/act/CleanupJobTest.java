package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.nexus.heartbeat.act.CleanupJob.Mounter;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanupJobTest {
  private static final String RESULT =
      """
      {"dryRun": false, "cutOff": true, "files": 340, "directories": 0, "bytes": 1288490188, "linked": 0,
       "percentBefore": 96.0, "percentAfter": 71.2, "failed": {"permission denied": 2}}
      """
          .strip();

  @Test
  void itRunsWhereAndAsWhomThePodWrites() {
    var pod =
        jobFor(
            """
            securityContext:
              {runAsUser: 1, runAsGroup: 2, supplementalGroups: [3], fsGroup: 4, runAsNonRoot: true,
               seLinuxOptions: {level: 's0:c1'}}
            tolerations: [{key: only-for, operator: Exists}]
            containers:
            - {name: other, securityContext: {runAsUser: 77}}
            - {name: reader, volumeMounts: [{name: data, mountPath: /r, readOnly: true}]}
            - name: writer
              securityContext: {runAsUser: 10, runAsGroup: 20, seLinuxOptions: {level: 's0:c9'}}
              volumeMounts: [{name: data, mountPath: /w, subPath: inner}]
            """);
    var user = pod.getSecurityContext();
    assertThat(user.getRunAsUser()).isEqualTo(10);
    assertThat(user.getRunAsGroup()).isEqualTo(20);
    assertThat(user.getRunAsNonRoot()).isTrue();
    assertThat(user.getSeLinuxOptions().getLevel()).isEqualTo("s0:c9");
    assertThat(user.getSupplementalGroups()).containsExactly(3L, 4L);
    assertThat(user.getFsGroup()).isNull();
    assertThat(user.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getTolerations()).hasSize(1);
    assertThat(Serialization.asYaml(pod.getAffinity())).contains("metadata.name", "worker-7");
    assertThat(pod.getVolumes().getFirst().getPersistentVolumeClaim().getClaimName())
        .isEqualTo("nexus-data");
  }

  @Test
  void itMayDoNothingElse() {
    var pod = jobFor("containers: [{name: it, volumeMounts: [{name: data, mountPath: /w}]}]");
    var container = pod.getContainers().getFirst();
    var may = container.getSecurityContext();
    assertThat(may.getReadOnlyRootFilesystem()).isTrue();
    assertThat(may.getAllowPrivilegeEscalation()).isFalse();
    assertThat(may.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getServiceAccountName()).isEqualTo("default");
    assertThat(container.getVolumeMounts().getFirst().getSubPath()).isNull();
    assertThat(container.getCommand())
        .containsExactly(
            "heartbeat",
            "cleanup",
            "--plan",
            "{}",
            "--root",
            "/volume",
            "--deadline",
            "600s",
            "--result",
            "/dev/termination-log");
  }

  @Test
  void whoRunsAsRootIsFollowed() {
    var pod =
        jobFor(
            """
            securityContext: {runAsNonRoot: true}
            containers:
            - name: it
              securityContext: {runAsUser: 0, runAsNonRoot: false}
              volumeMounts: [{name: data, mountPath: /w}]
            """);
    assertThat(pod.getSecurityContext().getRunAsUser()).isZero();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isNull();
  }

  @Test
  void onlyARunningPodThatMountsTheClaimTells() {
    assertThat(Mounter.of("other", List.of(pod("containers: []", "Running")))).isEmpty();
    assertThat(Mounter.of("nexus-data", List.of(pod("containers: [{name: a}]", "Running"))))
        .isEmpty();
    var mounting = "containers: [{name: it, volumeMounts: [{name: data, mountPath: /w}]}]";
    assertThat(Mounter.of("nexus-data", List.of(pod(mounting, "Succeeded")))).isEmpty();
    assertThat(Mounter.of("nexus-data", List.of(pod(mounting, "Running")))).isPresent();
    var ours = pod(mounting, "Running");
    ours.getMetadata().setLabels(java.util.Map.of(Marks.ACTION, "c1"));
    assertThat(Mounter.of("nexus-data", List.of(ours))).isEmpty();
  }

  @Test
  void whatWasFreedIsSaid() {
    var words =
        "freed 1.2 GiB in 340 files, 96% → 71% full; time was up before all was looked at; could not"
            + " delete or look at 2: permission denied";
    assertThat(CleanupDeed.said("j", false, RESULT, "-")).isEqualTo(new Effect.Complete(words));
    // Whether what was freed is enough, checks tell.
    assertThat(CleanupDeed.said("j", true, RESULT, "-")).isEqualTo(new Effect.Complete(words));
    assertThat(CleanupDeed.said("j", true, RESULT.replace("340", "0"), "-"))
        .isInstanceOf(Effect.Failed.class);
    assertThat(CleanupDeed.said("j", true, "", "DeadlineExceeded"))
        .isEqualTo(new Effect.Failed("Job j failed: DeadlineExceeded"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}}\u001b]0;owned\u0007",
        "{\"files\": -1}",
        "{\"files\": 1e999}",
        "{\"percentAfter\": \"NaN\"}",
        "{\"remarks\": [null]}",
        "{\"spared\": {\"Unheard\": 1}}",
        "{\"failed\": {\"\\u001b[31m\\u202e\\n\": 3}, \"files\": 2}",
        "{\"failed\": {\"a\": null}}",
        "{\"stillOpen\": {\"seen\": true, \"bytes\": 1, \"holders\": [null]}}",
        "{\"stillOpen\": {\"holders\": [{\"program\": \"\\n\\u001b[2J\", \"bytes\": 9}]}}",
        "null",
        "[[[[[[[[",
        "\u202egnp.exe\n\nOK: all is well"
      })
  void aHostileMessageIsCutAndPlain(String message) {
    for (var text : List.of(message, message + "x".repeat(100_000))) {
      for (var failed : List.of(true, false)) {
        var words = CleanupDeed.said("j", failed, text, "-").words();
        assertThat(words).hasSizeLessThan(330).doesNotContainPattern("[\\p{Cntrl}\u202e]");
      }
    }
  }

  private static PodSpec jobFor(String spec) {
    var mounter = Mounter.of("nexus-data", List.of(pod(spec, "Running"))).orElseThrow();
    return new CleanupJob(new MonitorRef("n", "nexus", "u"), "heartbeat-c1", "c1", "image:1", "{}")
        .of("nexus-data", mounter)
        .getSpec()
        .getTemplate()
        .getSpec();
  }

  private static Pod pod(String spec, String phase) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: gateway-1}
        status: {phase: %s}
        spec:
          nodeName: worker-7
          volumes: [{name: data, persistentVolumeClaim: {claimName: nexus-data}}]
        %s
        """
            .formatted(phase, spec.strip().indent(2)),
        Pod.class);
  }
}
