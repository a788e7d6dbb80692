package io.nexus.heartbeat.cleanup;

import static io.nexus.heartbeat.cleanup.Tree.WEEK;
import static io.nexus.heartbeat.cleanup.Tree.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.generator.annotation.ValidationRule;
import io.nexus.heartbeat.api.Cleanup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/var/log",
        "..",
        "../x",
        "a/..",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        "a/.",
        "*",
        "a/*",
        "a?",
        "[a]",
        "{a,b}",
        "a\nb",
        "a\0",
        "a\\b",
        ".git",
        "a/.git/logs"
      })
  void aPathThatMayLeadElsewhereIsRefused(String path) {
    assertThatThrownBy(() -> Plan.of(Tree.none(place(path, "*.log", WEEK))))
        .isInstanceOf(BadPlan.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"logs", "a/b/c", ".cache", "..a", "...", "a..b", "Berichte größer", "a b"})
  void aPathBelowTheRootIsTaken(String path) {
    assertThatCode(() -> Plan.of(Tree.none(place(path, null, WEEK)))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "**", "*.*", "?*", ".*", "*?.?*"})
  void everythingAtTheRootIsRefused(String match) {
    assertThatThrownBy(() -> Plan.of(Tree.none(place(".", match, WEEK))))
        .hasMessageContaining("at the root");
    assertThatThrownBy(() -> Plan.of(Tree.none(place(".", null, WEEK))))
        .hasMessageContaining("at the root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.log", "*.pyc", "__pycache", "*__pycache__", "node_modules"})
  void anAgeIsRequiredOfWhatIsNotRegenerable(String match) {
    assertThatThrownBy(() -> Plan.of(Tree.none(place("a", match, null))))
        .hasMessageContaining("olderThan is required");
    assertThatThrownBy(() -> Plan.of(Tree.none(place("a", match, Duration.ZERO))))
        .hasMessageContaining("greater than 0s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "[ab]", "{a,b}", "a\\b", "", "a\tb"})
  void aMatchIsOfNames(String match) {
    assertThatThrownBy(() -> Plan.of(Tree.none(place("a", match, WEEK))))
        .hasMessageContaining("does not match names");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "[a]", "{a}"})
  void whatIsKeptIsAGlob(String keep) {
    assertThatThrownBy(
            () -> Plan.of(new Cleanup(List.of(place("a", null, WEEK)), List.of(keep), 0)))
        .isInstanceOf(BadPlan.class);
  }

  @Test
  void somethingMustBeAskedFor() {
    assertThatThrownBy(() -> Plan.of(new Cleanup(List.of(), List.of(), 0)))
        .hasMessageContaining("paths are needed");
  }

  @Test
  void theRulesOfTheResourceKnowTheSameRegenerableNames() {
    var rules =
        List.of(Cleanup.Place.class.getAnnotationsByType(ValidationRule.class)).stream()
            .map(ValidationRule::value)
            .filter(rule -> rule.contains("olderThan"))
            .toList();
    assertThat(rules).hasSize(1);
    assertThat(rules.getFirst()).contains("['" + String.join("', '", Cleanup.REGENERABLE) + "']");
  }

  @ParameterizedTest
  @CsvSource({
    "*.log,            a.log,         true",
    "*.log,            .log,          true",
    "*.log,            a.log.1,       false",
    "*,                a,             true",
    "?.log,            ab.log,        false",
    "a.log,            abxlog,        false",
    "a+(b).log,        a+(b).log,     true",
    "logs/*.log,       logs/a.log,    true",
    "logs/*.log,       logs/x/a.log,  false",
    "logs/**,          logs/x/a.log,  true",
    "logs/**/a.log,    logs/a.log,    true",
    "logs/**/a.log,    logs/x/y/a.log,true",
    "**/a.log,         a.log,         true",
    "**/a.log,         xa.log,        false",
    "logs/*.log,       x/logs/a.log,  false"
  })
  void aGlobMatches(String glob, String text, boolean matches) {
    assertThat(new Glob(glob).matches(text)).isEqualTo(matches);
  }

  @Test
  void aGlobMatchesNamesOfSeveralLines() {
    assertThat(new Glob("*.log").matches("a\nb.log")).isTrue();
    assertThat(new Glob("logs/**").matches("logs/a\nb/c")).isTrue();
  }
}
