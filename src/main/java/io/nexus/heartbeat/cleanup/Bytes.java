package io.nexus.heartbeat.cleanup;

import java.util.Locale;

/** Sizes for people: {@code 1.2 GiB}. */
public final class Bytes {
  private static final String PREFIXES = "KMGTPE";

  private Bytes() {}

  public static String words(long bytes) {
    if (Math.abs(bytes) < 1024) {
      return bytes + " bytes";
    }
    var amount = (double) bytes;
    var prefix = -1;
    while (Math.abs(amount) >= 1023.95) {
      amount /= 1024;
      prefix++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", amount, PREFIXES.charAt(prefix));
  }
}
