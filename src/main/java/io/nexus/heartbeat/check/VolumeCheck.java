package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;
import java.util.Map;

/**
 * How full the volume of a claim is, by what the kubelets measure and a Prometheus collects.
 *
 * @see <a href="https://kubernetes.io/docs/reference/instrumentation/metrics/">its metrics</a>
 */
record VolumeCheck(String claim, String namespace, PrometheusClient prometheus) implements Check {
  private static final String PREFIX = "kubelet_volume_stats_";

  static Check of(DiskTarget disk, Surroundings surroundings) {
    var claim = disk.persistentVolumeClaim();
    var server = disk.prometheus();
    if (claim == null || server == null) {
      return _ -> new Reading.Unknown("nothing to look at: set persistentVolumeClaim, prometheus");
    }
    return new VolumeCheck(
        claim.claimName(),
        surroundings.place().namespace(),
        new PrometheusClient(server, surroundings));
  }

  /** Of a volume that is mounted on several nodes each kubelet tells the same. */
  private String query() {
    return "max by (__name__) ({__name__=~\"%s(used_bytes|available_bytes|capacity_bytes|inodes|inodes_used)\",namespace=\"%s\",persistentvolumeclaim=\"%s\"})"
        .formatted(PREFIX, namespace, claim);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    return switch (prometheus.ask(query(), deadline)) {
      case PrometheusClient.Asked.Not(var why) -> why;
      case PrometheusClient.Asked.Answered(var answer, _, _) -> judged(answer.by("__name__"));
    };
  }

  private Reading judged(Map<String, Double> told) {
    var used = told.get(PREFIX + "used_bytes");
    var available = told.get(PREFIX + "available_bytes");
    if (used == null || available == null) {
      return new Reading.Unknown(
          "no data of claim %s in namespace %s: some pod must mount it, and Prometheus must collect the kubelets' metrics"
              .formatted(claim, namespace));
    }
    var usage =
        new DiskUsage(
            used,
            available,
            told.getOrDefault(PREFIX + "capacity_bytes", used + available),
            told.getOrDefault(PREFIX + "inodes_used", 0.0),
            told.getOrDefault(PREFIX + "inodes", 0.0));
    return new Reading.Up(usage.measured());
  }
}
