package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in.
 *
 * @param username absent: the server's default user
 * @param from absent: without a password
 * @param field where the password is set, for a person
 */
record RedisLogin(
    @Nullable String username, @Nullable ValueFrom from, String field, Secrets secrets) {

  /** Read anew for each host: the Secret's owner says to which it may go. */
  @Nullable String password(String host) throws SecretUnavailable {
    return from == null ? null : secrets.read(from, host).text();
  }

  String user() {
    return Objects.requireNonNullElse(username, "default");
  }
}
