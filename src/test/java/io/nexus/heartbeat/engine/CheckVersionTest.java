package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.Threshold;
import io.nexus.heartbeat.api.When;
import org.junit.jupiter.api.Test;

class CheckVersionTest {

  @Test
  void aConditionIsAnotherQuestionSoNothingIsRepairedForItUntilItWasOnceWell() {
    var plain = CheckVersion.of(ATarget.named("a").build());
    var one = CheckVersion.of(ATarget.named("a").when(new When(null, "!up")).build());
    var other = CheckVersion.of(ATarget.named("a").when(new When("!up", null)).build());
    assertThat(one).isNotEqualTo(plain).isNotEqualTo(other);
  }

  @Test
  void aThresholdIsNot() {
    var limit = new Threshold("latency", new IntOrString("1s"), null, null, null);
    assertThat(CheckVersion.of(ATarget.named("a").thresholds(limit).build()))
        .isEqualTo(CheckVersion.of(ATarget.named("a").build()));
  }
}
