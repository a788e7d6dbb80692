package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.validation.MonitorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/monitor.md, beside what the kinds declare. */
class MeasurementsPageTest {

  static Stream<Class<?>> kinds() {
    return Arrays.stream(TargetKind.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatAKindMeasuresStandsInItsRow(Class<?> type) throws IOException {
    var kind = sample(type);
    var page = Files.readString(Path.of("docs/monitor.md"));
    var row =
        page.lines().filter(it -> it.startsWith("| `" + kind.fieldName() + "` |")).findFirst();
    assertThat(row).isPresent();
    for (var measurement : kind.measurements().keySet()) {
      assertThat(row.get()).contains("`" + measurement + "`");
    }
  }

  /** Without what its author names. */
  private static TargetKind sample(Class<?> type) throws IOException {
    var kind =
        MonitorFile.parse("full", Files.readString(Path.of("src/test/resources/good/full.yaml")))
            .monitors()
            .getFirst()
            .getSpec()
            .targets()
            .stream()
            .map(Target::kind)
            .filter(type::isInstance)
            .findFirst()
            .orElseThrow(() -> new AssertionError("good/full.yaml lacks a " + type));
    return switch (kind) {
      case PostgresTarget of ->
          new PostgresTarget(null, null, of.host(), null, null, null, null, null, null, null);
      case PluginTarget of -> new PluginTarget(of.fromCronJob(), List.of(), List.of());
      default -> kind;
    };
  }
}
