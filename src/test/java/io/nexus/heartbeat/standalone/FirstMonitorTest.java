package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstMonitorTest {
  @ParameterizedTest
  @CsvSource({
    "/home/leonard/Desktop/nexus-ai-team, true",
    "/root/nexus, true",
    "/srv/../home/nexus, true",
    "/homes/nexus, false",
    "/srv/nexus, false",
    "/, false"
  })
  void whatTheServiceWouldNotSeeIsSaid(Path disk, boolean hidden) {
    assertThat(FirstMonitor.hiddenFromTheService(disk).isPresent()).isEqualTo(hidden);
  }
}
