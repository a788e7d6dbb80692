package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PostgresTarget.Query;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.api.When;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckVersionTest {
  private static final Target AGENTS = agents(Duration.ofMinutes(5));
  private static final String VERSION = CheckVersion.of(AGENTS, with(database("db")));

  @Test
  void anotherServerBehindATargetsDatabaseIsAnotherCheck() {
    assertThat(CheckVersion.of(AGENTS, with(database("db")))).isEqualTo(VERSION);
    assertThat(CheckVersion.of(AGENTS, with(database("other")))).isNotEqualTo(VERSION);
    assertThat(CheckVersion.of(agents(Duration.ofMinutes(6)), with(database("db"))))
        .isNotEqualTo(VERSION);
  }

  @Test
  void whatItsDatabaseIsAskedBesidesDoesNotChangeACheck() {
    var asking = database("db", new Query("orders", "SELECT count(*) FROM work_orders"));
    assertThat(CheckVersion.of(AGENTS, with(asking))).isEqualTo(VERSION);
    assertThat(CheckVersion.of(asking, with(asking)))
        .isNotEqualTo(CheckVersion.of(database("db"), with(database("db"))));
  }

  @Test
  void aKindsOwnLimitIsAThresholdAndNoPartOfItsCheck() {
    var version = version(disk("/data", "85%"));
    assertThat(version(disk("/data", "70%"))).isEqualTo(version);
    assertThat(version(disk("/other", "85%"))).isNotEqualTo(version);
  }

  private static String version(Target target) {
    return CheckVersion.of(target, with(database("db")));
  }

  private static Target disk(String path, String degraded) {
    var kind =
        new DiskTarget(path, null, null, null, new IntOrString(degraded), new IntOrString("95%"));
    return ATarget.of("disk", kind).build();
  }

  void theShorthandOfAThresholdDoesNotChangeACheck() {
    var version = CheckVersion.of(tokens(1000, null), with(database("db")));
    assertThat(CheckVersion.of(tokens(1000, "85%"), with(database("db")))).isEqualTo(version);
    assertThat(CheckVersion.of(tokens(1001, null), with(database("db")))).isNotEqualTo(version);
  }

  private static Target tokens(long dailyLimit, String degraded) {
    var limit = degraded == null ? null : new IntOrString(degraded);
    var kind =
        new TokenBudgetTarget(
            "postgres", dailyLimit, null, limit, limit, null, null, null, null, null);
    return ATarget.of("tokens", kind).build();
  }

  private static Target agents(Duration stuckAfter) {
    var kind = new AgentsTarget("postgres", stuckAfter, null, null, null, null, null, null, null);
    return ATarget.of("agents", kind).build();
  }

  private static Target database(String host, Query... queries) {
    var kind =
        new PostgresTarget(null, null, host, null, null, null, null, null, null, List.of(queries));
    return ATarget.of("postgres", kind).build();
  }

  private static MonitorSpec with(Target database) {
    return new MonitorSpec(null, null, false, null, List.of(database, AGENTS), null, null);
  }

  @Test
  void aConditionIsAnotherQuestionSoNothingIsRepairedForItUntilItWasOnceWell() {
    var plain = version(ATarget.named("a").build());
    var one = version(ATarget.named("a").when(new When(null, "!up")).build());
    var other = version(ATarget.named("a").when(new When("!up", null)).build());
    assertThat(one).isNotEqualTo(plain).isNotEqualTo(other);
  }

  @Test
  void aThresholdIsNot() {
    var limit = new Threshold("latency", new IntOrString("1s"), null, null, null);
    assertThat(version(ATarget.named("a").thresholds(limit).build()))
        .isEqualTo(version(ATarget.named("a").build()));
  }
}
