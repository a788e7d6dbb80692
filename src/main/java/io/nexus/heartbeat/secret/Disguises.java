package io.nexus.heartbeat.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The forms in which a value turns up in a text. */
final class Disguises {
  private static final Pattern ENCODED = Pattern.compile("%[0-9A-F]{2}");

  private Disguises() {}

  static Set<String> of(String value) {
    var forms = new LinkedHashSet<String>();
    for (var from = 0; from < value.length(); from += Mask.PIECE) {
      addForms(value.substring(from, Math.min(value.length(), from + Mask.PIECE)), forms);
    }
    forms.removeIf(form -> form.length() < Mask.SHORTEST);
    return forms;
  }

  private static void addForms(String piece, Set<String> forms) {
    forms.add(piece);
    var form = URLEncoder.encode(piece, UTF_8); // as in a form: a space is a plus
    addBothCases(form, forms);
    var percent = form.replace("+", "%20").replace("*", "%2A"); // as RFC 3986 has it
    addBothCases(percent, forms);
    addBothCases(percent.replace("%7E", "~"), forms);
    forms.add(piece.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
    forms.add(piece.replace("\n", " "));
    var bytes = piece.getBytes(UTF_8);
    for (var before = 0; before < 3; before++) {
      var inside = insideBase64(bytes, before);
      forms.add(inside);
      forms.add(inside.replace('+', '-').replace('/', '_'));
    }
  }

  private static void addBothCases(String encoded, Set<String> forms) {
    forms.add(encoded);
    forms.add(ENCODED.matcher(encoded).replaceAll(hex -> hex.group().toLowerCase(Locale.ROOT)));
  }

  /** The characters of a base64 that depend on these bytes alone, with so many others before. */
  private static String insideBase64(byte[] bytes, int before) {
    var padded = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, padded, before, bytes.length);
    var encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
    var first = Math.ceilDiv(before * 8, 6);
    var last = padded.length * 8 / 6;
    return first >= last ? "" : encoded.substring(first, last);
  }
}
