package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManPageTest {
  private final String page = ManPage.of(Main.commandLine(), "1.0-test");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operator",
        "init",
        "doctor",
        "run",
        "check",
        "validate",
        "crd",
        "cleanup",
        "demo",
        "completion"
      })
  void everyCommandHasItsSection(String command) {
    assertThat(page).contains(".SS " + command + "\n");
  }

  @Test
  void defaultsAndChoicesAreFilledInAndWhatIsHiddenStaysSo() {
    assertThat(page)
        .contains(".B \\-\\-listen HOST:PORT\n", "127.0.0.1:8080", "table, json, yaml, junit")
        .doesNotContain("${", "man-page", "man\\-page", "%n");
  }

  @Test
  void noLineOfTextIsTakenForAMacro() {
    assertThat(page.lines().filter(line -> !line.startsWith(".")))
        .allMatch(line -> line.startsWith("\\&"));
    assertThat(page.lines().filter(line -> line.startsWith(".")))
        .allMatch(line -> line.matches("\\.(TH|SH|SS|PP|TP|B)( .*)?"));
  }
}
