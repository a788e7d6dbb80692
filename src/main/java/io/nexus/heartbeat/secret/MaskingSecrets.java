package io.nexus.heartbeat.secret;

import io.nexus.heartbeat.api.ValueFrom;

/** Secrets whose every value is masked from the moment it is read. */
public record MaskingSecrets(Secrets secrets, Mask mask) implements Secrets {

  @Override
  public SecretValue read(ValueFrom from, String host) throws SecretUnavailable {
    var value = secrets.read(from, host);
    if (!host.isEmpty()) { // what is sent nowhere, such as a CA, is no secret
      mask.learn(value);
    }
    return value;
  }
}
