package io.nexus.heartbeat.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A URL as people write it, with a user and a password that should have been percent-encoded and
 * perhaps were not: {@code redis://:pa/ss@w#rd@host:6379/0}. What is before the last @ is the
 * login, where a host can follow it.
 *
 * @param user empty when there is none
 * @param password empty when there is none
 * @param written the password as it stood there
 * @param place what comes after the login
 */
record LoginUrl(String scheme, String user, String password, String written, String place) {
  private static final String HOST = "(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]*)?";

  private static final Pattern PLACE =
      Pattern.compile("%1$s(,%1$s)*(?:[/?#].*)?".formatted(HOST), Pattern.DOTALL);

  static LoginUrl of(String url) {
    var begin = url.indexOf("://");
    if (begin < 0) {
      return new LoginUrl("", "", "", "", url);
    }
    var scheme = url.substring(0, begin);
    var rest = url.substring(begin + 3);
    var at = login(rest);
    if (at < 0) {
      return new LoginUrl(scheme, "", "", "", rest);
    }
    var login = rest.substring(0, at);
    var colon = login.indexOf(':');
    var written = colon < 0 ? "" : login.substring(colon + 1);
    return new LoginUrl(
        scheme,
        decoded(colon < 0 ? login : login.substring(0, colon)),
        decoded(written),
        written,
        rest.substring(at + 1));
  }

  /** Where the login ends: at an @ of the authority, else at the last one that a host follows. */
  private static int login(String rest) {
    var authority = rest.split("[/?#]", 2)[0];
    if (authority.contains("@")) {
      // Of p@ss/w@host the first part would be one too; what follows the last is the host.
      var last = rest.split("[?]", 2)[0].lastIndexOf('@');
      return PLACE.matcher(rest.substring(last + 1)).matches() ? last : authority.lastIndexOf('@');
    }
    var last = rest.lastIndexOf('@');
    return last >= 0 && PLACE.matcher(rest.substring(last + 1)).matches() && !plain(rest, last)
        ? last
        : -1;
  }

  /** The @ stands in a parameter of a URL that has no login. */
  private static boolean plain(String rest, int at) {
    var question = rest.indexOf('?');
    return question >= 0 && question < at && PLACE.matcher(rest.substring(0, question)).matches();
  }

  /** What is percent-encoded is decoded; a % that encodes nothing is one. */
  private static String decoded(String text) {
    var bytes = new ByteArrayOutputStream();
    for (var i = 0; i < text.length(); ) {
      if (text.charAt(i) == '%'
          && i + 2 < text.length()
          && HexFormat.isHexDigit(text.charAt(i + 1))
          && HexFormat.isHexDigit(text.charAt(i + 2))) {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 3;
      } else {
        var next = text.offsetByCodePoints(i, 1);
        bytes.writeBytes(text.substring(i, next).getBytes(UTF_8));
        i = next;
      }
    }
    return bytes.toString(UTF_8);
  }

  /** As it should have been written. */
  String encoded() {
    var login = encoded(user) + (password.isEmpty() ? "" : ":" + encoded(password));
    return scheme + "://" + (login.isEmpty() ? "" : login + "@") + place;
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return withoutLogin();
  }

  String withoutLogin() {
    return scheme + "://" + place;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** What must not be shown. */
  List<String> secrets() {
    return Stream.of(password, written).filter(s -> !s.isEmpty()).distinct().toList();
  }
}
