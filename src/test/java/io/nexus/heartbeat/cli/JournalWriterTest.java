package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class JournalWriterTest {
  @Test
  void everyLineThatSaysSomethingIsAWarning() {
    var written = new StringWriter();
    var err = new PrintWriter(new JournalWriter(written), true);
    err.print("heartbeat: a.yaml:6:15: unknown");
    err.println(" field");
    err.printf("one%n%ntwo%n");
    assertThat(written.toString().lines())
        .containsExactly("<4>heartbeat: a.yaml:6:15: unknown field", "<4>one", "", "<4>two");
  }
}
