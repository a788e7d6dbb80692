package io.nexus.heartbeat.api.expression;

import io.nexus.heartbeat.api.NearestName;
import io.nexus.heartbeat.api.TargetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What CEL finds wrong, in words for whoever wrote it. */
record MistakeWords(Vocabulary vocabulary, TargetKind kind, String text) {
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern FIELD = Pattern.compile("undefined field '([^']*)'");
  private static final Pattern OVERLOAD =
      Pattern.compile("found no matching overload for '([^']*)' applied to '(.*?)' \\(cand.*");

  String of(String message) {
    var field = FIELD.matcher(message);
    if (field.matches()) {
      return NearestName.unknown(
          field.group(1),
          "'m." + field.group(1) + "' is not measured by " + kind.fieldName(),
          vocabulary.measurements().keySet());
    }
    var undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      return undeclared(undeclared.group(1));
    }
    var overload = OVERLOAD.matcher(message);
    if (overload.matches()) {
      return overload(overload.group(1), overload.group(2));
    }
    return message.startsWith("token recognition error at: '= ")
        ? "'=' is no comparison; right would be =="
        : "not CEL: " + message.replaceFirst(" expecting \\{.*", "");
  }

  private String undeclared(String name) {
    if (Vocabulary.ANSWER.containsKey(name)) {
      return "'" + name + "' is there only for a target of kind http; here there are " + names();
    }
    if (vocabulary.measurements().containsKey(name)) {
      return "'" + name + "' is unknown; did you mean 'm." + name + "'?";
    }
    if (Pattern.compile("\\b" + Pattern.quote(name) + "\\s*\\(").matcher(text).find()) {
      return "'" + name + "' is no function of CEL";
    }
    var known = new ArrayList<>(vocabulary.variables().keySet());
    known.add(Vocabulary.MEASUREMENTS);
    return "'" + name + "' is unknown" + NearestName.hint(name, known);
  }

  private String names() {
    return String.join(", ", vocabulary.variables().keySet()) + " and m";
  }

  private static String overload(String function, String types) {
    var operator = function.replaceAll("^_|_$", "");
    var of = List.of(typeName(types).split(", "));
    var hint = "";
    if (of.contains("duration")) {
      hint = "; a duration is written duration('500ms')";
    } else if (of.equals(List.of("double", "int")) || of.equals(List.of("int", "double"))) {
      hint = "; a measurement is compared with 2.0, not 2, by " + operator;
    }
    return "'"
        + operator
        + "' cannot be applied to "
        + String.join(" and ", of).replaceAll("[()]", "")
        + hint;
  }

  static String typeName(String type) {
    return type.replace("google.protobuf.Duration", "duration")
        .replace("google.protobuf.Timestamp", "timestamp")
        .replace("(", "")
        .replace(")", "");
  }
}
