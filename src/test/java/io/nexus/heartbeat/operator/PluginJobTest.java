package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.nexus.heartbeat.check.PluginJobs.Order;
import io.nexus.heartbeat.engine.MonitorKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PluginJobTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration EVERY = Duration.ofMinutes(5);

  @Test
  void itsNameIsThatOfTheRunInEveryProcessAndNoOtherRuns() {
    var name = job("uid", "orders", "check", NOON).name();
    assertThat(job("uid", "orders", "check", NOON.plus(EVERY).minusMillis(1)).name())
        .isEqualTo(name);
    assertThat(
            new String[] {
              job("uid", "orders", "check", NOON.plus(EVERY)).name(),
              job("uid2", "orders", "check", NOON).name(),
              job("uid", "orders2", "check", NOON).name(),
              job("uid", "orders", "check2", NOON).name(),
            })
        .doesNotHaveDuplicates()
        .doesNotContain(name);
  }

  @Test
  void itsNameFitsIntoALabelHoweverLongItsTargetsIs() {
    var target = "t".repeat(39) + "-" + "u".repeat(23);
    assertThat(job("uid", target, "check", NOON).name())
        .matches("heartbeat-t{39}-[0-9a-f]{12}")
        .hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void itsDeadlineIsInWholeSecondsAndNeverNone() {
    assertThat(seconds(Duration.ofMillis(29_001))).isEqualTo(30);
    assertThat(seconds(Duration.ofSeconds(30))).isEqualTo(30);
    assertThat(seconds(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void ofTheTemplateTheJobsOwnSettingsDoNotCountAndThePodsDo() {
    var made = job("uid", "orders", "check", NOON).from(cronJob(), Duration.ofSeconds(30));
    assertThat(made.getSpec().getParallelism()).isNull();
    assertThat(made.getSpec().getSuspend()).isNull();
    assertThat(made.getSpec().getBackoffLimit()).isZero();
    assertThat(made.getSpec().getTemplate().getSpec().getServiceAccountName()).isEqualTo("checker");
    assertThat(made.getMetadata().getAnnotations()).containsEntry("team", "orders");
    assertThat(made.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("heartbeat.nexus.io/target", "orders");
  }

  private static long seconds(Duration left) {
    return job("uid", "orders", "check", NOON)
        .from(cronJob(), left)
        .getSpec()
        .getActiveDeadlineSeconds();
  }

  private static CronJob cronJob() {
    return new CronJobBuilder()
        .withNewSpec()
        .withNewJobTemplate()
        .withNewMetadata()
        .addToAnnotations("team", "orders")
        .endMetadata()
        .withNewSpec()
        .withParallelism(5)
        .withSuspend(true)
        .withNewTemplate()
        .withNewSpec()
        .withServiceAccountName("checker")
        .endSpec()
        .endTemplate()
        .endSpec()
        .endJobTemplate()
        .endSpec()
        .build();
  }

  private static PluginJob job(String uid, String target, String cronJob, Instant now) {
    return PluginJob.of(
        new MonitorKey("nexus", "nexus"), uid, new Order(target, cronJob, EVERY), now);
  }
}
