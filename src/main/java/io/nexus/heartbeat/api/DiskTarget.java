package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How full a file system is, by the measurement percent, which is counted as df does: what is
 * reserved for root is not free.
 *
 * @param path A file or directory of this machine; the file system that holds it is measured.
 * @param persistentVolumeClaim A claim of the monitor's namespace; some pod must mount it, for the
 *     kubelet measures only what is mounted.
 * @param node A node of the cluster, by what its kubelet measures.
 * @param prometheus Where the kubelet's kubelet_volume_stats_… of the claim are collected. Without
 *     it the kubelet itself is asked, which an administrator must have allowed (--kubelet-stats).
 * @param degraded From this on it is Degraded. Short for thresholds on percent and inodesPercent.
 * @param critical From this on it is Critical. Short for thresholds on percent and inodesPercent.
 */
@Wire
@ExactlyOne({"path", "persistentVolumeClaim", "node"})
@ValidationRule(
    value = "!has(self.prometheus) || has(self.persistentVolumeClaim)",
    message =
        "prometheus tells only of a persistentVolumeClaim; what it knows of nodes is a target of"
            + " kind prometheus",
    fieldPath = ".prometheus")
@ValidationRule(
    value =
        "double(string(self.degraded).replace('%', ''))"
            + " < double(string(self.critical).replace('%', ''))",
    message = "critical must be more than degraded (85% and 95%, when they are not set)",
    fieldPath = ".critical")
public record DiskTarget(
    @HostOnly @Pattern("^/[^\\x00-\\x1f]*$") @Size(min = 1, max = 1024) @Nullable String path,
    @ClusterOnly @Nullable Claim persistentVolumeClaim,
    @ClusterOnly @Nullable Node node,
    @Nullable PrometheusServer prometheus,
    @Default("85%") @Percent IntOrString degraded,
    @Default("95%") @Percent IntOrString critical)
    implements TargetKind {

  public DiskTarget {
    degraded = requireNonNullElse(degraded, new IntOrString("85%"));
    critical = requireNonNullElse(critical, new IntOrString("95%"));
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "percent", Unit.Percent,
        "freeBytes", Unit.Bytes,
        "totalBytes", Unit.Bytes,
        "inodesPercent", Unit.Percent,
        "minutesLeft", Unit.Minutes);
  }

  @Override
  public List<Threshold> limits() {
    return Stream.of("percent", "inodesPercent")
        .map(name -> new Threshold(name, degraded, critical, null, Threshold.Direction.Above))
        .toList();
  }

  /**
   * A PersistentVolumeClaim of the monitor's namespace.
   *
   * @param claimName The claim's name.
   */
  @Wire
  public record Claim(@Required @ObjectName String claimName) {}

  /**
   * A node of the cluster.
   *
   * @param name The node's name.
   * @param filesystem Root is where the kubelet keeps its pods' logs and volumes; Image is where
   *     the container runtime keeps images, which may be the same.
   */
  @Wire
  public record Node(@Required @ObjectName String name, @Default("Root") Filesystem filesystem) {
    public Node {
      filesystem = requireNonNullElse(filesystem, Filesystem.Root);
    }
  }

  /** Of those that a kubelet measures. */
  public enum Filesystem {
    Root,
    Image
  }
}
