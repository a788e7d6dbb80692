package io.nexus.heartbeat.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Prometheus' HTTP API answers, as far as we read it. */
record PrometheusAnswer(
    @JsonProperty("status") @Nullable String status,
    @JsonProperty("error") @Nullable String error,
    @JsonProperty("warnings") @Nullable List<@Nullable String> warnings,
    @JsonProperty("data") @Nullable Data data) {

  record Data(
      @JsonProperty("resultType") @Nullable String resultType,
      @JsonProperty("result") @Nullable JsonNode result) {}

  sealed interface Outcome {}

  record Value(double value) implements Outcome {}

  record NoData() implements Outcome {}

  record Series(int count) implements Outcome {}

  record Unusable(String why) implements Outcome {}

  /** In its own words; null when it reports no error. */
  @Nullable String errorWords(Words words) {
    if (!"error".equals(status)) {
      return null;
    }
    return error == null || error.isBlank() ? "an error without words" : words.clean(error);
  }

  @Nullable String warning(Words words) {
    var first = warnings == null || warnings.isEmpty() ? null : warnings.getFirst();
    return first == null ? null : words.clean(first);
  }

  Outcome outcome() {
    var type = data == null || data.resultType() == null ? "" : data.resultType();
    var result = data == null ? null : data.result();
    if (!"success".equals(status) || result == null || !result.isArray()) {
      return foreign();
    }
    return switch (type) {
      case "scalar" -> value(result);
      case "vector" ->
          switch (result.size()) {
            case 0 -> new NoData();
            case 1 -> value(result.path(0).path("value"));
            default -> new Series(result.size());
          };
      case "matrix" ->
          new Unusable("the query gives values over a time; it must give one, without [5m] around");
      case "string" -> new Unusable("the query gives a text; it must give a number");
      default -> foreign();
    };
  }

  /** Of a vector, the values that are numbers by this label; empty for what is no vector. */
  Map<String, Double> by(String label) {
    var values = new HashMap<String, Double>();
    if (data != null && data.result() != null && "vector".equals(data.resultType())) {
      for (var series : data.result()) {
        if (value(series.path("value")) instanceof Value(var value)) {
          values.put(series.path("metric").path(label).asText(), value);
        }
      }
    }
    return values;
  }

  /** {@code [1435781451.781, "0.25"]}: when, and the value as text. */
  private static Outcome value(JsonNode sample) {
    var text = sample.path(1);
    if (sample.size() != 2 || !text.isTextual()) {
      return foreign();
    }
    try {
      var value = Double.parseDouble(number(text.textValue()));
      if (Double.isFinite(value)) {
        return new Value(value);
      }
      // In our words: as it was sent, infinity may be of any length.
      return new Unusable(
          "the value is " + (Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"));
    } catch (NumberFormatException _) {
      return foreign();
    }
  }

  /** As Go writes infinity. */
  private static String number(String text) {
    return switch (text) {
      case "+Inf" -> "Infinity";
      case "-Inf" -> "-Infinity";
      default -> text;
    };
  }

  private static Outcome foreign() {
    return new Unusable("the answer is not of Prometheus' form; url must lead to Prometheus");
  }
}
