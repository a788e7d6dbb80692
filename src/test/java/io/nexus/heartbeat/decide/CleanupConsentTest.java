package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Cleanup;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CleanupConsentTest {
  private static final Map<String, String> ALLOWED = Map.of(CleanupConsent.LABEL, "allowed");

  private static Cleanup cleanup(String... paths) {
    return new Cleanup(
        Arrays.stream(paths)
            .map(path -> new Cleanup.Place(path, "*.log", Duration.ofHours(1)))
            .toList(),
        List.of(),
        0);
  }

  private static Optional<String> refusal(String listed, String... paths) {
    return CleanupConsent.refusal(
        cleanup(paths), "data", ALLOWED, Map.of(CleanupConsent.PATHS, listed));
  }

  @Test
  void withoutTheLabelNothingIsAllowedAndTheCommandIsSaid() {
    for (var labels : List.of(Map.<String, String>of(), Map.of(CleanupConsent.LABEL, "yes"))) {
      assertThat(
              CleanupConsent.refusal(
                  cleanup("logs"), "data", labels, Map.of(CleanupConsent.PATHS, ".")))
          .hasValueSatisfying(
              why ->
                  assertThat(why)
                      .contains("kubectl label pvc/data heartbeat.nexus.io/cleanup=allowed"));
    }
  }

  @Test
  void withoutTheListNothingIsAllowedAndTheCommandIsSaid() {
    for (var annotations : List.of(Map.<String, String>of(), Map.of(CleanupConsent.PATHS, " "))) {
      assertThat(CleanupConsent.refusal(cleanup("logs", "a/b"), "data", ALLOWED, annotations))
          .hasValueSatisfying(
              why -> assertThat(why).contains("heartbeat.nexus.io/cleanup-paths=logs,a/b"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "logs,              logs,        true",
    "logs,              logs/app,    true",
    "'logs/',           logs/app,    true",
    "'reports, logs',   logs,        true",
    ".,                 logs,        true",
    ".,                 .,           true",
    "logs,              .,           false",
    "logs,              log,         false",
    "logs,              logs2,       false",
    "logs,              a/logs,      false",
    "logs/app,          logs,        false",
    "logs/app,          logs/apple,  false",
    "logs,              Logs,        false"
  })
  void aPathIsAllowedByItselfOrByOneAboveIt(String listed, String path, boolean allowed) {
    assertThat(refusal(listed, path).isEmpty()).isEqualTo(allowed);
  }

  @Test
  void oneThatIsNotAllowedIsNamed() {
    assertThat(refusal("logs", "logs", "secrets"))
        .hasValueSatisfying(why -> assertThat(why).contains("'secrets'").contains("only logs"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/logs", "../logs", "logs,,reports", "logs,", "*", "a/../b", "./logs"})
  void aListThatIsNotUnderstoodAllowsNothing(String listed) {
    assertThat(refusal(listed, "logs"))
        .hasValueSatisfying(why -> assertThat(why).contains("no path"));
  }

  @Provide
  Arbitrary<List<String>> paths() {
    return Arbitraries.of("a", "b", "ab", "..a")
        .list()
        .ofMaxSize(4)
        .map(parts -> parts.isEmpty() ? "." : String.join("/", parts))
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property
  void whatIsAllowedLiesBelowSomethingListed(
      @ForAll("paths") List<String> listed, @ForAll("paths") List<String> wanted) {
    var allowed =
        wanted.stream()
            .allMatch(
                path ->
                    listed.stream()
                        .anyMatch(
                            parent -> parent.equals(".") || (path + "/").startsWith(parent + "/")));
    assertThat(refusal(String.join(",", listed), wanted.toArray(String[]::new)).isEmpty())
        .isEqualTo(allowed);
  }
}
