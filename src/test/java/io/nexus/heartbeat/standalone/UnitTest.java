package io.nexus.heartbeat.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The systemd unit, as systemd itself judges it; where there is no systemd, nobody can. */
class UnitTest {
  private static final Path UNIT = Path.of("packaging/systemd/heartbeat.service");

  private record Said(int exit, String words) {}

  @Test
  void itExposesNoMoreThanTwoOfTen() throws Exception {
    // "the exit status is non-zero when the exposure level is above", in tenths
    var said = analyze("security", "--no-pager", "--offline=true", "--threshold=20");
    assertThat(said.words()).contains("Overall exposure level for heartbeat.service");
    assertThat(said.exit()).as(said.words()).isZero();
  }

  @Test
  void systemdKnowsEveryWordOfIt() throws Exception {
    var said = analyze("verify", "--man=no");
    assertThat(said.words()).doesNotContain("Unknown key", "Unknown section", "Failed to parse");
  }

  private static Said analyze(String... args) throws IOException, InterruptedException {
    var program = Path.of("/usr/bin/systemd-analyze");
    assumeThat(program).isExecutable();
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    command.add(UNIT.toAbsolutePath().toString());
    var out = Files.createTempFile("analyze", ".txt");
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      return new Said(process.waitFor(), Files.readString(out, UTF_8));
    } finally {
      Files.delete(out);
    }
  }
}
