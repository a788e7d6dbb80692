package io.nexus.heartbeat.secret;

import io.nexus.heartbeat.api.ValueFrom;

/** Secrets whose every value is masked from the moment it is read. */
public record MaskingSecrets(Secrets secrets, Mask mask) implements Secrets {
  /** Longer is a certificate, not a password. */
  private static final int LONGEST = 4096;

  @Override
  public SecretValue read(ValueFrom from, String host) throws SecretUnavailable {
    var value = secrets.read(from, host);
    if (value.bytes().length <= LONGEST) {
      mask.learn(value);
    }
    return value;
  }
}
