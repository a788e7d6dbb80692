package io.nexus.heartbeat.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Address;

/**
 * Addresses written as such. Only the two plain notations: the short, octal and hexadecimal ones
 * that inet_aton(3) and browsers accept are neither addresses nor names here, so that none is read
 * one way by a person and another way by us.
 */
public final class Literals {
  private Literals() {}

  /** The address, or null when it is not written as one. */
  public static @Nullable InetAddress parse(String host) {
    var bare = bare(host);
    try {
      if (bare.indexOf(':') >= 0) {
        for (var i = 0; i < bare.length(); i++) {
          var c = bare.charAt(i);
          if (Character.digit(c, 16) < 0 && c != ':' && c != '.' || c > 'f') {
            return null;
          }
        }
        var bytes = Address.toByteArray(bare, Address.IPv6);
        // An IPv4-mapped one becomes the IPv4 address that it is.
        return bytes == null ? null : InetAddress.getByAddress(bytes);
      }
      var bytes = dottedQuad(bare);
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException _) {
      return null;
    }
  }

  static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /**
   * Whether others would read a number in it: its last label is one (WHATWG URL, "ends in a
   * number"). Such a name cannot exist in DNS.
   */
  static boolean looksNumeric(String host) {
    var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    var last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(java.util.Locale.ROOT);
    return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9')
        || last.startsWith("0x") && last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static byte @Nullable [] dottedQuad(String text) {
    var bytes = new byte[4];
    var part = 0;
    var value = -1;
    for (var i = 0; i <= text.length(); i++) {
      var c = i == text.length() ? '.' : text.charAt(i);
      if (c == '.') {
        if (value < 0 || part == 4) {
          return null;
        }
        bytes[part++] = (byte) value;
        value = -1;
      } else if (c < '0' || c > '9' || value == 0) {
        return null; // a leading zero is octal to some
      } else {
        value = Math.max(value, 0) * 10 + (c - '0');
        if (value > 255) {
          return null;
        }
      }
    }
    return part == 4 ? bytes : null;
  }
}
