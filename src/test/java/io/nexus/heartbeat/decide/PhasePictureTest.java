package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.RepairPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The picture in docs/recovery.md is the code's own table. With -Ddocs.write=true it is drawn. */
class PhasePictureTest {
  private static final Path DOCS = Path.of("docs/recovery.md");
  private static final String BEGIN = "```mermaid\n";
  private static final String END = "```\n";

  @Test
  void thePictureIsDrawnFromTheTable() throws IOException {
    var text = Files.readString(DOCS);
    var begin = text.indexOf(BEGIN) + BEGIN.length();
    var end = text.indexOf(END, begin);
    var drawn = text.substring(0, begin) + picture() + text.substring(end);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(DOCS, drawn);
    }
    assertThat(Files.readString(DOCS)).isEqualTo(drawn);
  }

  @Test
  void everyPhaseIsReachedAndNothingFollowsAnEnd() {
    for (var phase : RepairPhase.values()) {
      assertThat(phase.next()).doesNotContain(phase);
      if (phase != RepairPhase.Waiting) {
        assertThat(List.of(RepairPhase.values()))
            .anySatisfy(it -> assertThat(it.next()).contains(phase));
      }
    }
    assertThat(RepairPhase.Recovered.next()).isEmpty();
    assertThat(RepairPhase.Exhausted.next()).isEmpty();
  }

  private static String picture() {
    var lines = new ArrayList<>(List.of("stateDiagram-v2", "  [*] --> Waiting"));
    for (var phase : RepairPhase.values()) {
      for (var next : phase.next()) {
        lines.add("  %s --> %s".formatted(phase, next));
      }
      if (phase.next().isEmpty()) {
        lines.add("  %s --> [*]".formatted(phase));
      }
    }
    return String.join("\n", lines) + "\n";
  }
}
