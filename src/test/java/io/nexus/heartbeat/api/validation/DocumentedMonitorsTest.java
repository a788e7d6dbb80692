package io.nexus.heartbeat.api.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people copy from the pages. */
class DocumentedMonitorsTest {
  private static final Pattern BLOCK =
      Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL | Pattern.MULTILINE);

  static Stream<Arguments> monitors() throws IOException {
    try (var docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
          docs.toList().stream(), Stream.of(Path.of("README.md"), Path.of("packaging/README.md")))
          .flatMap(page -> texts(page).map(text -> Arguments.of(page.toString(), text)))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("monitors")
  void aMonitorOfThePagesIsValid(String page, String text) {
    var result = MonitorFile.parse(page, text);
    assertThat(result.findings()).isEmpty();
    assertThat(result.monitors()).hasSize(1);
  }

  private static Stream<String> texts(Path page) {
    try {
      var name = page.getFileName().toString();
      var text = Files.readString(page);
      return name.endsWith(".yaml")
          ? Stream.of(text)
          : name.endsWith(".md")
              ? BLOCK
                  .matcher(text)
                  .results()
                  .map(DocumentedMonitorsTest::whole)
                  .filter(it -> it.contains("kind: HeartbeatMonitor"))
              : Stream.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Targets alone, such as of one kind, are those of a monitor. */
  private static String whole(MatchResult block) {
    var text = block.group(1);
    return text.startsWith("- name: ")
        ? """
          apiVersion: heartbeat.nexus.io/v1alpha1
          kind: HeartbeatMonitor
          metadata: {name: part}
          spec:
            targets:
            - {name: gateway, tcp: {host: gateway, port: 8000}}
          """
            + text.indent(2)
        : text;
  }
}
