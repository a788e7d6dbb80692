package io.nexus.heartbeat.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelVariableResolver;
import io.nexus.heartbeat.api.Unit;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Measurements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an expression may ask of one answer; each is made ready when it is asked for. */
final class Facts implements CelVariableResolver {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final boolean up;
  private final Duration latency;
  private final Measurements measured;
  private final Map<String, Unit> units;
  private final @Nullable Response response;
  private @Nullable Object json;

  /** Made once: an expression may name one ten thousand times, and keep each. */
  private final Map<String, Optional<Object>> found = new HashMap<>();

  private String missing = "";

  Facts(
      boolean up,
      Duration latency,
      Measurements measured,
      Map<String, Unit> units,
      @Nullable Response response) {
    this.up = up;
    this.latency = latency;
    this.measured = measured;
    this.units = units;
    this.response = response;
  }

  @Override
  public Optional<Object> find(String name) {
    return found.computeIfAbsent(name, this::fact);
  }

  private Optional<Object> fact(String name) {
    return switch (name) {
      case "up" -> Optional.of(up);
      case "latency" -> Optional.of(latency);
      case "m" -> Optional.of(numbers());
      case "status" -> answer().map(it -> (long) it.status());
      case "headers" -> answer().map(Facts::headers);
      case "body" -> answer().map(Response::text);
      case "json" -> answer().flatMap(this::json);
      default -> Optional.empty();
    };
  }

  /** Why something that was asked for is not there; empty when nothing was missing. */
  String missing() {
    return missing;
  }

  /** Why the kind does not measure that here, as it is known. */
  Optional<String> absence(String measurement) {
    return Optional.ofNullable(measured.absent().get(measurement));
  }

  private Optional<Response> answer() {
    if (response == null) {
      missing = "there is no answer to ask about";
    }
    return Optional.ofNullable(response);
  }

  private Map<String, Object> numbers() {
    var numbers = new HashMap<String, Object>();
    measured
        .numbers()
        .forEach(
            (name, value) ->
                numbers.put(name, units.get(name) == Unit.Seconds ? duration(value) : value));
    return numbers;
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static Map<String, String> headers(Response response) {
    var headers = new LinkedHashMap<String, String>();
    response
        .headers()
        .forEach(
            header ->
                headers.merge(
                    header.name().toLowerCase(Locale.ROOT),
                    header.value(),
                    (one, other) -> one + ", " + other));
    return headers;
  }

  private Optional<Object> json(Response answered) {
    if (json == null && missing.isEmpty()) {
      try {
        var tree = answered.truncated() ? null : JSON.readTree(answered.body());
        json = tree == null || tree.isMissingNode() ? null : value(tree);
      } catch (JsonProcessingException _) {
        json = null;
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      if (json == null) {
        missing =
            answered.truncated()
                ? "the body is longer than 64 KiB, so it is not read as JSON"
                : "the body is not JSON";
      }
    }
    return Optional.ofNullable(json);
  }

  /** As CEL has it: whole numbers are long where they can be. */
  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        var fields = new LinkedHashMap<String, Object>();
        node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        yield fields;
      }
      case ARRAY -> {
        var items = new ArrayList<Object>(node.size());
        node.forEach(item -> items.add(value(item)));
        yield items;
      }
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : (Object) node.doubleValue();
      default -> NullValue.NULL_VALUE;
    };
  }
}
