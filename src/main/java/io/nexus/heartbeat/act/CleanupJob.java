package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.nexus.heartbeat.api.Clean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Job that cleans a volume where, and as whom, a running pod writes it.
 *
 * @param plan what is to be deleted, as JSON
 */
record CleanupJob(MonitorRef monitor, String name, String action, String image, String plan) {
  private static final String ROOT = "/volume";
  private static final int KEPT_SECONDS = 24 * 3600;

  /**
   * A pod that mounts a claim.
   *
   * @param container the one in it that does, and may write where there is one
   */
  record Mounter(Pod pod, Container container) {

    static Optional<Mounter> of(String claim, List<Pod> pods) {
      return pods.stream()
          .filter(pod -> pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase()))
          .filter(pod -> !pod.isMarkedForDeletion() && pod.getSpec().getNodeName() != null)
          .filter(pod -> !isOurs(pod))
          .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
          .flatMap(pod -> in(pod, claim).stream())
          .findFirst();
    }

    private static boolean isOurs(Pod pod) {
      return requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
          .containsKey(Marks.ACTION);
    }

    private static Optional<Mounter> in(Pod pod, String claim) {
      var volumes =
          pod.getSpec().getVolumes().stream()
              .filter(
                  it ->
                      it.getPersistentVolumeClaim() != null
                          && claim.equals(it.getPersistentVolumeClaim().getClaimName()))
              .map(it -> it.getName())
              .toList();
      return pod.getSpec().getContainers().stream()
          .filter(it -> it.getVolumeMounts().stream().anyMatch(m -> volumes.contains(m.getName())))
          .min(Comparator.comparing(it -> !mayWrite(it, volumes)))
          .map(container -> new Mounter(pod, container));
    }

    private static boolean mayWrite(Container container, List<String> volumes) {
      return container.getVolumeMounts().stream()
          .filter(mount -> volumes.contains(mount.getName()))
          .map(VolumeMount::getReadOnly)
          .anyMatch(readOnly -> !Boolean.TRUE.equals(readOnly));
    }
  }

  Job of(String claim, Mounter mounter) {
    var labels = Map.of("app.kubernetes.io/managed-by", "heartbeat", Marks.ACTION, action);
    return new JobBuilder()
        .withNewMetadata()
        .withNamespace(monitor.namespace())
        .withName(name)
        .withLabels(labels)
        .withOwnerReferences(JobFrom.owner(monitor))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(Clean.DEADLINE.plus(Clean.TO_BEGIN).toSeconds())
        .withTtlSecondsAfterFinished(KEPT_SECONDS)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withSpec(pod(claim, mounter))
        .endTemplate()
        .endSpec()
        .build();
  }

  private PodSpec pod(String claim, Mounter mounter) {
    var theirs = mounter.pod().getSpec();
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withServiceAccountName("default")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        // Not nodeName, which passes by whoever knows whether there is room.
        .withNodeSelectorTerms(
            new NodeSelectorTermBuilder()
                .addNewMatchField()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(theirs.getNodeName())
                .endMatchField()
                .build())
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .withTolerations(requireNonNullElse(theirs.getTolerations(), List.<Toleration>of()))
        .withSecurityContext(user(theirs.getSecurityContext(), mounter.container()))
        .addNewVolume()
        .withName("volume")
        .withNewPersistentVolumeClaim(claim, false)
        .endVolume()
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("16Mi"))
        .endEmptyDir()
        .endVolume()
        .withContainers(container())
        .build();
  }

  /**
   * Whoever writes the files may delete them. Never with fsGroup: the kubelet would give all of the
   * volume to that group, file by file; the group itself is enough.
   */
  private static PodSecurityContext user(@Nullable PodSecurityContext pod, Container writing) {
    var of = pod == null ? new PodSecurityContext() : pod;
    var own =
        writing.getSecurityContext() == null ? new SecurityContext() : writing.getSecurityContext();
    var user = own.getRunAsUser() == null ? of.getRunAsUser() : own.getRunAsUser();
    var nonRoot = own.getRunAsNonRoot() == null ? of.getRunAsNonRoot() : own.getRunAsNonRoot();
    var groups = new ArrayList<>(requireNonNullElse(of.getSupplementalGroups(), List.<Long>of()));
    if (of.getFsGroup() != null && !groups.contains(of.getFsGroup())) {
      groups.add(of.getFsGroup());
    }
    return new PodSecurityContextBuilder()
        .withRunAsUser(user)
        .withRunAsGroup(own.getRunAsGroup() == null ? of.getRunAsGroup() : own.getRunAsGroup())
        .withRunAsNonRoot(user == null ? nonRoot : user == 0 ? null : Boolean.TRUE)
        .withSupplementalGroups(groups)
        .withSeLinuxOptions(
            own.getSeLinuxOptions() == null ? of.getSeLinuxOptions() : own.getSeLinuxOptions())
        .withNewSeccompProfile(null, "RuntimeDefault")
        .build();
  }

  private Container container() {
    return new ContainerBuilder()
        .withName("cleanup")
        .withImage(image)
        .withCommand(
            "heartbeat",
            "cleanup",
            "--plan",
            plan,
            "--root",
            ROOT,
            "--deadline",
            Clean.DEADLINE.toSeconds() + "s",
            "--result",
            "/dev/termination-log")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewSecurityContext()
        .withReadOnlyRootFilesystem(true)
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("96Mi")))
        .withLimits(Map.of("cpu", new Quantity("500m"), "memory", new Quantity("256Mi")))
        .endResources()
        .addNewVolumeMount()
        .withName("volume")
        .withMountPath(ROOT)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .build();
  }
}
