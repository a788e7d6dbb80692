package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Redis or Valkey server.
 *
 * @param url Such as redis://host:6379/0, or rediss:// for TLS; without user, password and
 *     parameters.
 * @param username The ACL user; by default the server's default user.
 * @param passwordFrom The password from a Secret.
 * @param tls How the server's certificate is judged, for rediss://.
 */
@Wire
public record RedisTarget(
    @Required
        @Pattern("^rediss?://[^\\s]+$") @Size(min = 9, max = 1024)
        @ValidationRule(
            value = "!self.contains('@')",
            message =
                "a user or password does not belong into a URL here; write the user into username, put the"
                    + " password into a Secret and name it in passwordFrom")
        @ValidationRule(
            value = "!self.matches('[?#]')",
            message = "a Redis URL has no parameters; right would be redis://host:6379/0")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "redis://redis:6379/0")
        @ValidationRule(
            value = "self.matches('^[a-z]+://[^/?#]*(/[0-9]{0,6})?([?#].*)?$')",
            message =
                "the path of a Redis URL is the number of a database, as in redis://redis:6379/0")
        String url,
    @Pattern("^[^\\s]+$") @Size(min = 1, max = 256) @Nullable String username,
    @Nullable ValueFrom passwordFrom,
    @Nullable Tls tls)
    implements TargetKind {

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "latency", Unit.Seconds,
        "memoryBytes", Unit.Bytes,
        "memoryLimitBytes", Unit.Bytes,
        "memoryPercent", Unit.Percent,
        "clients", Unit.Count,
        "replicas", Unit.Count,
        "replicationLag", Unit.Seconds);
  }
}
