package io.nexus.heartbeat.api.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A file of thirty different mistakes, each said in the same run with file, line, column and field.
 * The comment on its line says what is expected of it: {@code # <column> <words>}; of two, joined
 * by {@code &}.
 */
class ThirtyMistakesTest {
  private static final Path FILE = Path.of("src/test/resources/thirty-mistakes.yaml");
  private static final Pattern EXPECTED = Pattern.compile("^(.*?) +# ([0-9]+ .*)$");

  private record Mistake(int line, int column, String words) {}

  @Test
  void allAreFoundInOneRunEachAtItsPlaceAndNothingElse() throws IOException {
    var lines = Files.readAllLines(FILE);
    var mistakes = new ArrayList<Mistake>();
    var text = new ArrayList<String>();
    for (var line : lines) {
      var matcher = EXPECTED.matcher(line);
      if (matcher.matches()) {
        text.add(matcher.group(1));
        for (var one : matcher.group(2).split(" & ", -1)) {
          var words = one.split(" ", 2);
          mistakes.add(new Mistake(text.size(), Integer.parseInt(words[0]), words[1]));
        }
      } else {
        text.add(line);
      }
    }
    assertThat(mistakes).hasSizeGreaterThanOrEqualTo(30);
    var findings = found(text);
    for (var mistake : mistakes) {
      var place = "thirty.yaml:" + mistake.line() + ":" + mistake.column() + ": ";
      assertThat(findings)
          .as("line %d, column %d: %s", mistake.line(), mistake.column(), mistake.words())
          .anySatisfy(said -> assertThat(said).startsWith(place).contains(mistake.words()));
    }
    assertThat(findings).as("one finding for each mistake").hasSameSizeAs(mistakes);
  }

  private static List<String> found(List<String> lines) {
    return MonitorFile.parse("thirty.yaml", String.join("\n", lines)).findings().stream()
        .map(Finding::toString)
        .toList();
  }
}
