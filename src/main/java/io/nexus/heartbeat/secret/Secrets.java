package io.nexus.heartbeat.secret;

import io.nexus.heartbeat.api.ValueFrom;

/** Where the values of {@code …From} fields come from, for one monitor. */
public interface Secrets {

  /**
   * @param host the host the value will be sent to, which the Secret's owner may restrict; empty
   *     when it goes nowhere, such as a CA
   * @throws SecretUnavailable saying what is missing and how to mend it
   */
  SecretValue read(ValueFrom from, String host) throws SecretUnavailable;

  /** No Secrets at all. */
  Secrets NONE =
      (from, host) -> {
        throw new SecretUnavailable(from + ": not found");
      };
}
