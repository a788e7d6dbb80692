package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @Property
  void whatIsWrittenIsReadAsTheSame(@ForAll @LongRange(max = 359_999_999_999L) long millis) {
    var duration = Duration.ofMillis(millis);
    var text = GoDuration.format(duration);
    assertThat(text).matches(GoDuration.PATTERN).hasSizeLessThanOrEqualTo(GoDuration.MAX_LENGTH);
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @Test
  void theShortestFormIsWritten() {
    assertThat(GoDuration.format(Duration.ofSeconds(90))).isEqualTo("1m30s");
    assertThat(GoDuration.format(Duration.ZERO)).isEqualTo("0s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5 m", "1d", "-1s", "1.5s", "PT1S", "1h1m1s1ms1h"})
  void whatIsNoDurationIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text)).hasMessageContaining("1m30s");
  }
}
