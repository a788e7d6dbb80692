package io.nexus.heartbeat.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plugin says: {@code {"level": "Degraded", "message": "…", "measurements": {"depth": 12}}},
 * or its exit code and a line with figures behind a bar, as monitoring plugins do. When it says
 * Healthy but not a number that it should, how well that is cannot be told.
 *
 * @see <a href="https://www.monitoring-plugins.org/doc/guidelines.html">their guidelines</a>
 */
record PluginResult(Level level, String message, Kept kept) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final int MOST_WORDS = 200;
  private static final int MOST_TOLD = 10;

  /**
   * The numbers that are named.
   *
   * @param fault why one of them is missing; empty: none is, but for what could not be determined
   */
  private record Kept(Measurements measured, String fault) {
    static final Kept NOTHING = new Kept(Measurements.NONE, "");

    Kept with(String name, double value) {
      return new Kept(measured.with(name, value), fault);
    }

    Kept undetermined(String name) {
      return new Kept(measured.without(name, "the plugin could not determine it"), fault);
    }

    Kept faulty(String name, String why) {
      return new Kept(measured.without(name, why), fault.isEmpty() ? name + ": " + why : fault);
    }
  }

  /**
   * An exit code alone tells of success only: interpreters, shells and panics end with 1 or 2, too.
   *
   * @param said its result; what it says there decides
   * @param complaint what else it says, which explains why there is no result
   */
  static PluginResult of(int exitCode, String said, String complaint, List<String> named) {
    var text = said.strip();
    if (text.isEmpty() && exitCode != 0) {
      var first = complaint.strip().lines().findFirst().orElse("");
      return untold(
          "the plugin ended with exit code %d without a result%s"
              .formatted(exitCode, behind(Plain.text(first, MOST_WORDS))));
    }
    return text.startsWith("{") ? json(exitCode, text, named) : lines(exitCode, text, named);
  }

  Reading reading() {
    return switch (level) {
      case Healthy ->
          kept.fault().isEmpty()
              ? new Reading.Up(
                  message.isEmpty() ? kept.measured() : kept.measured().with("note", message))
              : new Reading.Unknown(kept.fault());
      case Degraded -> new Reading.Impaired(orElse("says Degraded"), kept.measured(), false);
      case Critical -> new Reading.Down(orElse("says Critical"), kept.measured());
      case Unknown -> new Reading.Unknown(orElse("cannot tell"));
    };
  }

  private String orElse(String words) {
    return message.isEmpty() ? "the plugin " + words : message;
  }

  private static PluginResult json(int exitCode, String text, List<String> named) {
    JsonNode told;
    try {
      told = JSON.readTree(text);
    } catch (JsonProcessingException _) {
      return untold("the plugin's result begins like JSON, but is none: " + Plain.text(text, 60));
    }
    var message = Plain.text(told.path("message").asText(""), MOST_WORDS);
    var level = told.path("level");
    if (level.isMissingNode() || level.isNull()) {
      return byExitCode(exitCode, message, kept(told, named));
    }
    var known = level(level.asText());
    if (known.isEmpty()) {
      return untold(
          "the plugin says level '%s'; right would be Healthy, Degraded, Critical or Unknown%s"
              .formatted(Plain.text(level.asText(), 60), behind(message)));
    }
    return known.get() == Level.Healthy && exitCode != 0
        ? untold("the plugin says Healthy, but its exit code is " + exitCode + behind(message))
        : new PluginResult(known.get(), message, kept(told, named));
  }

  private static Optional<Level> level(String word) {
    return Arrays.stream(Level.values())
        .filter(level -> level.name().equalsIgnoreCase(word.strip()))
        .findFirst();
  }

  private static Kept kept(JsonNode told, List<String> named) {
    var kept = Kept.NOTHING;
    var numbers = told.path("measurements");
    var all = numbers.properties().stream().map(Map.Entry::getKey).toList();
    for (var name : named) {
      var number = numbers.path(name);
      if (number.isNumber() && Double.isFinite(number.doubleValue())) {
        kept = kept.with(name, number.doubleValue());
      } else {
        kept =
            kept.faulty(
                name, number.isMissingNode() ? untold(all) : "what the plugin tells is no number");
      }
    }
    return kept;
  }

  private static PluginResult lines(int exitCode, String text, List<String> named) {
    var bar = text.indexOf('|');
    var first = text.lines().findFirst().orElse("");
    var words = bar >= 0 && bar < first.length() ? first.substring(0, bar) : first;
    var figures = PerformanceData.of(PerformanceData.in(text));
    var kept = Kept.NOTHING;
    for (var name : named) {
      var figure = figures.get(name);
      kept =
          figure == null
              ? kept.faulty(name, untold(figures.keySet().stream().toList()))
              : figure.isPresent()
                  ? kept.with(name, figure.getAsDouble())
                  : kept.undetermined(name);
    }
    return byExitCode(exitCode, Plain.text(words, MOST_WORDS), kept);
  }

  private static PluginResult byExitCode(int exitCode, String message, Kept kept) {
    return switch (exitCode) {
      case 0 -> new PluginResult(Level.Healthy, message, kept);
      case 1 -> new PluginResult(Level.Degraded, message, kept);
      case 2 -> new PluginResult(Level.Critical, message, kept);
      case 3 -> new PluginResult(Level.Unknown, message, kept);
      default -> untold("the plugin ended with exit code " + exitCode + behind(message));
    };
  }

  private static PluginResult untold(String why) {
    return new PluginResult(Level.Unknown, why, Kept.NOTHING);
  }

  private static String untold(List<String> told) {
    var names = told.stream().limit(MOST_TOLD).map(name -> Plain.text(name, 63)).toList();
    return told.isEmpty()
        ? "the plugin tells no numbers"
        : "the plugin does not tell it, but "
            + String.join(", ", names)
            + (told.size() > MOST_TOLD ? " …" : "");
  }

  private static String behind(String message) {
    return message.isEmpty() ? "" : ": " + message;
  }
}
