package io.nexus.heartbeat.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The CRD as a table for people: kubectl explain shows neither defaults nor bounds. */
final class FieldsPage {
  static final Path FILE = Path.of("docs/fields.md");

  private static final String REFERENCE = "secretKeyRef";
  private static final String HEAD =
      """

      | field | type | default | bounds | |
      | --- | --- | --- | --- | --- |
      """;

  private final StringBuilder text = new StringBuilder();

  private FieldsPage() {}

  /** Of a host's openAPIV3Schema, and of the CRD's, which lacks some of it. */
  static String of(JsonNode schema, JsonNode cluster) {
    var page = new FieldsPage();
    page.text.append(
        """
        <!-- Generated from the CRD by CrdTest; change the records in src/main/java/…/api instead. -->

        # Every field

        What they mean together is in [monitor.md](monitor.md). **Bold** fields are required; a duration is such as `30s`, `1m30s`, `2h` or
        `500ms`. A Secret reference is `{secretKeyRef: {name, key}}`, or on a host `{env: {name}}` or `{file: {path}}`. What says *Host only* is for
        `heartbeat run` and `check`; the API server refuses it. What says *Cluster only* is for the operator.

        ## spec
        """);
    page.text.append(HEAD);
    page.rows("", schema.at("/properties/spec"), cluster.at("/properties/spec"));
    page.text.append(
        "\n## status\n\nWritten by Heartbeat alone; `status.state` is its own memory.\n");
    page.text.append(HEAD);
    page.rows("", schema.at("/properties/status"), cluster.at("/properties/status"));
    return page.text.toString();
  }

  private void rows(String path, JsonNode schema, JsonNode cluster) {
    var required =
        StreamSupport.stream(schema.path("required").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    for (var property : schema.path("properties").properties()) {
      var name = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      var field = property.getValue();
      if (name.equals("state")) {
        continue;
      }
      var there = cluster.path("properties").path(property.getKey());
      row(name, field, required.contains(property.getKey()), there.isMissingNode());
      if (!isReference(field)) {
        rows(name, field, there);
        rows(name + "[]", field.path("items"), there.path("items"));
      }
    }
  }

  private void row(String name, JsonNode field, boolean required, boolean hostOnly) {
    var shown = "`" + name + "`";
    text.append(
        Stream.of(
                required ? "**" + shown + "**" : shown,
                type(field),
                field.has("default") ? "`" + field.get("default") + "`" : "",
                bounds(field),
                (hostOnly ? "*Host only.* " : "")
                    + (field.has(HostFields.CLUSTER_MARK) ? "*Cluster only.* " : "")
                    + field.path("description").asText())
            .map(cell -> cell.replace("|", "\\|"))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static String type(JsonNode field) {
    if (isReference(field)) {
      return "Secret reference";
    }
    if (field.path("x-kubernetes-int-or-string").asBoolean()) {
      return "integer or string";
    }
    if (field.has("enum")) {
      return StreamSupport.stream(field.get("enum").spliterator(), false)
          .map(choice -> "`" + choice.asText() + "`")
          .collect(Collectors.joining(", "));
    }
    if (field.path("pattern").asText().equals(GoDuration.PATTERN)) {
      return "duration";
    }
    if (field.path("format").asText().equals("date-time")) {
      return "time";
    }
    return switch (field.path("type").asText()) {
      case "array" -> "list of " + type(field.path("items"));
      case "object" ->
          field.has("additionalProperties")
              ? "map to " + type(field.path("additionalProperties"))
              : "object";
      default -> field.path("type").asText();
    };
  }

  private static String bounds(JsonNode field) {
    var bounds = new ArrayList<String>();
    var type = type(field);
    if (!type.equals("duration") && !type.equals("time")) {
      range(field, "imum", "", bounds);
      range(field, "Length", " characters", bounds);
      range(field, "Items", " entries", bounds);
      range(field, "Properties", " entries", bounds);
      if (field.has("pattern")) {
        bounds.add("`" + field.path("pattern").asText() + "`");
      }
    }
    if (field.path("type").asText().equals("array")) {
      var element = field.path("items");
      var inner = element.has("properties") ? rules(element) : bounds(element);
      if (!inner.isEmpty()) {
        bounds.add("each: " + inner);
      }
    }
    var rules = isReference(field) ? "" : rules(field);
    if (!rules.isEmpty()) {
      bounds.add(rules);
    }
    return String.join("; ", bounds);
  }

  private static void range(JsonNode field, String what, String unit, ArrayList<String> bounds) {
    var least = field.path("min" + what);
    var most = field.path("max" + what);
    if (!least.isMissingNode() && !most.isMissingNode()) {
      bounds.add(least.asLong() + " to " + most.asLong() + unit);
    } else if (!most.isMissingNode()) {
      bounds.add("at most " + most.asLong() + unit);
    } else if (!least.isMissingNode()) {
      bounds.add("at least " + least.asLong() + unit);
    }
  }

  private static String rules(JsonNode field) {
    return StreamSupport.stream(field.path("x-kubernetes-validations").spliterator(), false)
        .map(rule -> rule.path("message").asText())
        .collect(Collectors.joining("; "));
  }

  private static boolean isReference(JsonNode field) {
    return field.path("properties").has(REFERENCE);
  }
}
