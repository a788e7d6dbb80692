package io.nexus.heartbeat.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.standalone.OneCheck;
import io.nexus.heartbeat.standalone.OneCheck.Finding;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What {@code check} found, for people and for programs. */
final class CheckReport {

  /** How it is written. */
  enum Format {
    table,
    json,
    yaml,
    junit
  }

  private CheckReport() {}

  static void of(List<Finding> findings, Format format, CommandLine line) {
    var text =
        switch (format) {
          case table -> table(findings, line.getColorScheme().ansi());
          case json -> written(findings, new ObjectMapper());
          case yaml ->
              written(
                  findings,
                  new ObjectMapper(
                      new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)));
          case junit -> JunitXml.of(findings);
        };
    line.getOut().print(text);
    line.getOut().flush();
  }

  private static String table(List<Finding> findings, Ansi ansi) {
    var text = new StringBuilder();
    var several = findings.stream().map(Finding::monitor).distinct().count() > 1;
    var columns =
        (several ? column("MONITOR", findings, Finding::monitor) : "%s")
            + column("TARGET", findings, f -> f.target().name())
            + "%-8s  %8s  %s%n";
    text.append(
        columns.formatted(several ? "MONITOR" : "", "TARGET", "LEVEL", "LATENCY", "MESSAGE"));
    for (var finding : findings) {
      var row =
          columns.formatted(
              several ? finding.monitor() : "",
              finding.target().name(),
              word(finding.level()),
              latency(finding),
              finding.counts() ? said(finding) : said(finding) + " (optional)");
      text.append(coloured(row.stripTrailing(), finding, ansi)).append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String column(
      String name, List<Finding> findings, Function<Finding, String> value) {
    var width = findings.stream().map(value).mapToInt(String::length).max().orElse(0);
    return "%-" + Math.max(name.length(), width) + "s  ";
  }

  private static String coloured(String row, Finding finding, Ansi ansi) {
    var style =
        switch (finding.counts() ? finding.level() : Level.Healthy) {
          case Healthy -> "";
          case Degraded -> "yellow";
          case Unknown -> "magenta";
          case Critical -> "bold,red";
        };
    return style.isEmpty() ? row : ansi.apply(row, List.of(Ansi.Style.parse(style))).toString();
  }

  private static String written(List<Finding> findings, ObjectMapper mapper) {
    var report = new LinkedHashMap<String, Object>();
    report.put("level", word(OneCheck.levelOf(findings)));
    report.put("targets", findings.stream().map(CheckReport::entry).toList());
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(report).stripTrailing()
          + System.lineSeparator();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of words and numbers can be written", e);
    }
  }

  private static Map<String, Object> entry(Finding finding) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("monitor", finding.monitor());
    entry.put("name", finding.target().name());
    entry.put("kind", finding.target().kind().fieldName());
    entry.put("level", word(finding.level()));
    entry.put("counts", finding.counts());
    entry.put("message", said(finding));
    var took = finding.assessment().latency();
    entry.put("tookSeconds", took == null ? null : took.toNanos() / 1e9);
    var measurements = new LinkedHashMap<String, Object>();
    measurements.putAll(finding.assessment().measurements().numbers());
    measurements.putAll(finding.assessment().measurements().words());
    entry.put("measurements", measurements);
    return entry;
  }

  static String said(Finding finding) {
    return finding.assessment().message();
  }

  static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static String latency(Finding finding) {
    var measured = finding.assessment().measurements().number("latency");
    return measured.isPresent()
        ? words(Duration.ofNanos((long) (measured.getAsDouble() * 1e9)))
        : "";
  }

  private static String words(Duration latency) {
    return latency.toMillis() < 10
        ? "%.1f ms".formatted(latency.toNanos() / 1e6)
        : latency.toMillis() + " ms";
  }
}
