package io.nexus.heartbeat.secret;

import java.nio.charset.StandardCharsets;

/** A value that must never be shown. Its text is not in {@link #toString}. */
public final class SecretValue {
  private final byte[] bytes;

  public SecretValue(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public static SecretValue of(String text) {
    return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** As UTF-8, without the line end that editors and {@code echo} leave behind. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
  }

  @Override
  public String toString() {
    return "***";
  }
}
