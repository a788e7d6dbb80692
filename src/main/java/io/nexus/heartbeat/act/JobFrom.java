package io.nexus.heartbeat.act;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A Job of a CronJob's template, as {@code kubectl create job --from} makes one, but tried once; of
 * the template's Job only labels, annotations and pod count.
 *
 * @param monitor with which it goes
 * @param labels added to the Job and its pod
 * @param deadline after which it is ended even when nobody waits for it any more
 * @param kept how long it stays when it has ended
 */
public record JobFrom(
    MonitorRef monitor, String name, Map<String, String> labels, Duration deadline, Duration kept) {

  public Job template(CronJob cronJob) {
    var template = cronJob.getSpec().getJobTemplate();
    var metadata = template.getMetadata();
    var all = new HashMap<String, String>();
    var annotations = new HashMap<>(Map.of("cronjob.kubernetes.io/instantiate", "manual"));
    if (metadata != null) {
      all.putAll(requireNonNullElse(metadata.getLabels(), Map.of()));
      annotations.putAll(requireNonNullElse(metadata.getAnnotations(), Map.of()));
    }
    all.putAll(labels);
    return new JobBuilder()
        .withNewMetadata()
        .withNamespace(monitor.namespace())
        .withName(name)
        .withLabels(all)
        .withAnnotations(annotations)
        .withOwnerReferences(owner(monitor))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(Math.max(1, deadline.plusMillis(999).toSeconds()))
        .withTtlSecondsAfterFinished((int) kept.toSeconds())
        .withNewTemplateLike(template.getSpec().getTemplate())
        .editOrNewMetadata()
        .addToLabels(labels)
        .endMetadata()
        .editOrNewSpec()
        .withRestartPolicy("Never") // a container that is started anew has lost what it said
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** So that it goes with its monitor. Not as controller: a CronJob's history is not ours. */
  static OwnerReference owner(MonitorRef monitor) {
    return new OwnerReferenceBuilder()
        .withApiVersion(HeartbeatMonitor.GROUP + "/" + HeartbeatMonitor.VERSION)
        .withKind("HeartbeatMonitor")
        .withName(monitor.name())
        .withUid(monitor.uid())
        .build();
  }
}
