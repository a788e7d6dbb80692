package io.nexus.heartbeat.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.web.Metrics.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/metrics.md} and what is exposed to each other. */
class MetricsContractTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\w+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  private record Family(String type, Set<String> labels) {}

  private static String document;
  private static String scrape;

  @BeforeAll
  static void readBoth() throws IOException {
    document = Files.readString(Path.of("docs/metrics.md"));
    var key = new MonitorKey("prod", "nexus");
    var view =
        new TargetView(
            key,
            "gateway",
            "http",
            Level.Healthy,
            "",
            Measurements.NONE,
            Instant.EPOCH,
            Duration.ofMillis(1),
            false,
            true);
    var metrics = MetricsTest.watching(List.of(view));
    metrics.delivered("telegram", Duration.ofMillis(1));
    scrape = new String(metrics.scrape(Format.Prometheus), UTF_8);
  }

  @Test
  void whatIsExposedIsWhatIsWrittenDown() {
    assertThat(exposed()).isEqualTo(written());
  }

  @Test
  void everyMetricHasHelpAndAUnitInItsNameWhereItHasOne() {
    for (var name : written().keySet()) {
      assertThat(scrape).contains("# HELP " + name + " ");
    }
    rows()
        .forEach(
            row -> {
              var unit = row.group(3).strip().split(" ")[0];
              if (!unit.equals("–")) {
                assertThat(row.group(1)).as("unit in the name").contains("_" + unit);
              }
            });
  }

  @Test
  void rulesSpeakOfMetricsThereAre() {
    var rules = document.substring(document.indexOf("```yaml"));
    var known = written().keySet();
    Pattern.compile("heartbeat_[a-z_]+")
        .matcher(rules)
        .results()
        .map(MatchResult::group)
        .map(name -> name.replaceFirst("_bucket$", ""))
        .forEach(name -> assertThat(known).contains(name));
  }

  private static Map<String, Family> written() {
    return rows()
        .collect(
            toMap(
                row -> row.group(1),
                row -> new Family(row.group(2), labels(row.group(4))),
                (a, b) -> {
                  throw new AssertionError("written down twice: " + a + b);
                },
                TreeMap::new));
  }

  private static Stream<MatchResult> rows() {
    return ROW.matcher(document).results();
  }

  private static Set<String> labels(String cell) {
    var labels = new TreeSet<>(List.of(cell.strip().split(", ")));
    labels.remove("–");
    return labels;
  }

  private static Map<String, Family> exposed() {
    var families = new TreeMap<String, Family>();
    var current = new Family("", Set.of());
    for (var line : scrape.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        var words = line.split(" ");
        current = new Family(words[3], new TreeSet<>());
        families.put(words[2], current);
      } else if (!line.startsWith("#")) {
        var found = LABEL.matcher(line.substring(0, line.lastIndexOf(' ')));
        var labels = current.labels();
        found
            .results()
            .map(label -> label.group(1))
            .filter(l -> !l.equals("le"))
            .forEach(labels::add);
      }
    }
    return families;
  }
}
