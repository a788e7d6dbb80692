package io.nexus.heartbeat.api.validation;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * What an unquoted word means, by the rules that kubectl reads files with: YAML 1.1 as go-yaml v2
 * has it (resolve.go), in which {@code y} is true and {@code 010} is 8. A file must mean the same
 * on a host as in a cluster.
 */
final class KubectlScalars {
  static final Schema SCHEMA =
      new CoreSchema() {
        @Override
        public ScalarResolver getScalarResolver() {
          return (text, plain) -> plain ? tagOf(text) : Tag.STR;
        }
      };

  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[.](nan|NaN|NAN)|[-+]?[.](inf|Inf|INF)");

  /** As Go's strconv.ParseInt has it with base 0: a leading 0 is octal. */
  private static final Pattern INTEGER =
      Pattern.compile(
          "([-+]?)(?:0[bB](?<two>[01]+)|0[oO]?(?<eight>[0-7]+)|0[xX](?<sixteen>[0-9a-fA-F]+)"
              + "|(?<ten>0|[1-9][0-9]*))");

  private static final Pattern FLOAT =
      Pattern.compile("[-+]?([.][0-9]+|[0-9]+([.][0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final BigInteger MOST = BigInteger.TWO.pow(64);
  private static final BigInteger LEAST = BigInteger.TWO.pow(63).negate();
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  private KubectlScalars() {}

  /** A string, long, double or boolean; nothing when the value is not what its tag says. */
  static Optional<Object> valueOf(ScalarNode node) {
    var text = node.getValue();
    var tag = node.getTag();
    if (tag.equals(Tag.STR)) {
      return Optional.of(text);
    }
    var natural = tagOf(text);
    if (!tag.equals(natural) && !(tag.equals(Tag.FLOAT) && natural.equals(Tag.INT))) {
      return Optional.empty();
    }
    if (tag.equals(Tag.BOOL)) {
      return Optional.of(TRUE.contains(text));
    }
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)
        ? Optional.of(number(text))
        : Optional.empty();
  }

  /** Left unresolved, because the library would merge by other rules. */
  static boolean isMerge(Node key) {
    return key instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().equals("<<");
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.NULL)
        && NULL.contains(scalar.getValue());
  }

  /** A mapping's key as JSON has it; nothing when kubectl's is not plain to see. */
  static Optional<String> key(Node node) {
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.FLOAT)) {
      return Optional.empty();
    }
    return valueOf(scalar).map(String::valueOf);
  }

  private static Tag tagOf(String text) {
    if (NULL.contains(text)) {
      return Tag.NULL;
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return Tag.BOOL;
    }
    if (NOT_FINITE.matcher(text).matches()) {
      return Tag.FLOAT;
    }
    var first = text.charAt(0);
    var digits = first == '.' || first == '_' ? text : text.replace("_", "");
    if (integer(digits).isPresent()) {
      return Tag.INT;
    }
    return FLOAT.matcher(digits).matches() && Double.isFinite(Double.parseDouble(digits))
        ? Tag.FLOAT
        : Tag.STR;
  }

  private static Optional<BigInteger> integer(String digits) {
    var match = INTEGER.matcher(digits);
    if (!match.matches()) {
      return Optional.empty();
    }
    var sign = match.group(1).equals("-") ? "-" : "";
    var number =
        match.group("two") != null
            ? new BigInteger(sign + match.group("two"), 2)
            : match.group("eight") != null
                ? new BigInteger(sign + match.group("eight"), 8)
                : match.group("sixteen") != null
                    ? new BigInteger(sign + match.group("sixteen"), 16)
                    : new BigInteger(sign + match.group("ten"));
    return number.compareTo(LEAST) >= 0 && number.compareTo(MOST) < 0
        ? Optional.of(number)
        : Optional.empty();
  }

  /** JSON does not tell 3.0 from 3, so the API server does not either. */
  private static Object number(String text) {
    var digits = text.replace("_", "");
    var whole = integer(digits);
    if (whole.isPresent()) {
      return whole.get().min(MAX_LONG).longValue();
    }
    if (NOT_FINITE.matcher(text).matches()) {
      return Double.NaN;
    }
    var number = Double.parseDouble(digits);
    return number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE
        ? (Object) (long) number
        : (Object) number;
  }
}
