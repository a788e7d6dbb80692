package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostActionTest {
  /** As systemctl(1) completes a name. */
  @ParameterizedTest
  @CsvSource({
    "nexus-gateway, nexus-gateway.service",
    "nexus-gateway.service, nexus-gateway.service",
    "worker@1, worker@1.service",
    "nexus.io, nexus.io.service",
    "nexus.socket, nexus.socket",
    "service, service.service"
  })
  void aUnitIsAServiceUnlessItSaysOtherwise(String written, String unit) {
    var action = new SystemdRestart(written);
    assertThat(action.subject()).isEqualTo(new Subject("Unit", unit));
    assertThat(action.words()).isEqualTo("restart " + unit);
    assertThat(action.past()).isEqualTo("restarted " + unit);
  }

  @Test
  void aCommandIsOneWhateverItsArguments() {
    var mend = new Command(List.of("/opt/mend", "a"), null);
    assertThat(mend.subject()).isEqualTo(new Subject("Command", "/opt/mend"));
    assertThat(mend.words()).isEqualTo("run /opt/mend a");
    assertThat(mend.past()).isEqualTo("ran /opt/mend a");
    assertThat(mend.effectWithin()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void ofALongCommandTheBeginningIsShown() {
    var long_ = new Command(List.of("/opt/mend", "\uD83D\uDE80".repeat(300)), null);
    var words = long_.words();
    assertThat(words.codePointCount(0, words.length())).isEqualTo("run ".length() + 200);
    assertThat(words).startsWith("run /opt/mend \uD83D\uDE80").endsWith("\uD83D\uDE80…");
  }
}
