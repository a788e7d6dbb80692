package io.nexus.heartbeat.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.nexus.heartbeat.act.JobFrom;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.check.PluginJobs.Order;
import io.nexus.heartbeat.engine.MonitorKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The Job that one run of a plugin is. Its name follows from what is asked and when, so that
 * another process finds it.
 *
 * @param uid the monitor's
 */
record PluginJob(MonitorKey monitor, String uid, Order order, String name) {
  /** By which an owner releases a CronJob. */
  static final String RELEASE = HeartbeatMonitor.GROUP + "/plugin";

  private static final String MONITOR_UID = HeartbeatMonitor.GROUP + "/monitor-uid";
  private static final String TARGET = HeartbeatMonitor.GROUP + "/target";
  private static final String CRON_JOB = HeartbeatMonitor.GROUP + "/cron-job";

  /** What is left of a Job whose operator died goes by then. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** Of the 63 characters that a Job's pods leave its name, others take 23. */
  private static final int MOST_OF_TARGET = 40;

  static PluginJob of(MonitorKey monitor, String uid, Order order, Instant now) {
    var run = Math.floorDiv(now.getEpochSecond(), Math.max(1, order.interval().toSeconds()));
    var identity = String.join("/", uid, order.target(), order.cronJob(), Long.toString(run));
    var target = order.target();
    var shown =
        target.length() <= MOST_OF_TARGET
            ? target
            : target.substring(0, MOST_OF_TARGET).replaceAll("-+$", "");
    return new PluginJob(monitor, uid, order, "heartbeat-" + shown + "-" + hash(identity));
  }

  /** On each of the target's Jobs and their pods. */
  Map<String, String> labels() {
    var labels = new HashMap<>(labelsOfCronJob());
    labels.put(MONITOR_UID, uid);
    labels.put(TARGET, order.target());
    return labels;
  }

  /** On all Jobs that are made of the CronJob, whichever target of whichever monitor asks. */
  Map<String, String> labelsOfCronJob() {
    return Map.of("app.kubernetes.io/managed-by", "heartbeat", CRON_JOB, order.cronJob());
  }

  /**
   * @param deadline after which it is ended even when nobody waits for it any more
   */
  Job from(CronJob cronJob, Duration deadline) {
    var ref = new MonitorRef(monitor.namespace(), monitor.name(), uid);
    return new JobFrom(ref, name, labels(), deadline, KEPT).template(cronJob);
  }

  boolean isOurs(Job found) {
    var labels = requireNonNullElse(found.getMetadata().getLabels(), Map.<String, String>of());
    return labels.entrySet().containsAll(labels().entrySet());
  }

  private static String hash(String identity) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
