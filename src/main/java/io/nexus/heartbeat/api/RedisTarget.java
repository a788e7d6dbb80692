package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Redis or Valkey server, the master that sentinels name, or a cluster.
 *
 * @param url Such as redis://host:6379/0, redis-sentinel://s1:26379,s2:26379/0#mymaster or
 *     redis-cluster://n1:6379,n2:6379 (at most 16 servers); rediss, as in rediss-sentinel://, for
 *     TLS; without user, password and parameters.
 * @param username The ACL user; by default the server's default user.
 * @param passwordFrom The password from a Secret.
 * @param sentinelUsername The ACL user of the sentinels, where they have one of their own.
 * @param sentinelPasswordFrom The password of the sentinels; by default they are asked without.
 * @param tls How the server's certificate is judged, for rediss.
 */
@Wire
@ValidationRule(
    value =
        "!(has(self.sentinelUsername) || has(self.sentinelPasswordFrom))"
            + " || self.url.matches('^rediss?-sentinel:')",
    message =
        "sentinelUsername and sentinelPasswordFrom belong to a sentinel URL, as in"
            + " redis-sentinel://sentinel-1:26379/0#mymaster",
    fieldPath = ".url")
@ValidationRule(
    value = "!has(self.sentinelUsername) || has(self.sentinelPasswordFrom)",
    message = "a user needs its password: set sentinelPasswordFrom",
    fieldPath = ".sentinelUsername")
public record RedisTarget(
    @Required
        @Pattern(
            "^(redis|rediss|redis-sentinel|rediss-sentinel|redis-cluster|rediss-cluster)://[^\\s]+$")
        @Size(min = 9, max = 1024) @ValidationRule(
            value = "!self.contains('@')",
            message =
                "a user or password does not belong into a URL here; write the user into username, put the"
                    + " password into a Secret and name it in passwordFrom")
        @ValidationRule(
            value =
                "!self.contains('?') && (!self.contains('#') || self.matches('^rediss?-sentinel:'))",
            message = "a Redis URL has no parameters; right would be redis://host:6379/0")
        @ValidationRule(
            value =
                "!self.matches('^rediss?-sentinel:') || self.matches('^[^#]*#[A-Za-z0-9._-]+$')",
            message =
                "a sentinel URL ends with the name of the master, as in"
                    + " redis-sentinel://sentinel-1:26379,sentinel-2:26379/0#mymaster")
        @ValidationRule(
            value = Urls.HAS_HOSTS,
            message = Urls.HAS_HOST_MESSAGE + "redis://redis:6379/0")
        @ValidationRule(
            value = "!self.matches('^rediss?://[^/?#]*,')",
            message =
                "several servers are redis-sentinel://sentinel-1:26379,sentinel-2:26379/0#mymaster"
                    + " or redis-cluster://node-1:6379,node-2:6379")
        @ValidationRule(
            value = "!self.matches('^([^,]*,){16}')",
            message = "a Redis URL names at most 16 servers")
        @ValidationRule(
            value = "self.matches('^[a-z-]+://[^/?#]*(/[0-9]{0,6})?([?#].*)?$')",
            message =
                "the path of a Redis URL is the number of a database, as in redis://redis:6379/0")
        @ValidationRule(
            value = "!self.matches('^rediss?-cluster://[^/?#]*/0*[1-9]')",
            message =
                "a cluster has only the database 0; right would be redis-cluster://node-1:6379")
        String url,
    @Pattern("^[^\\s]+$") @Size(min = 1, max = 256) @Nullable String username,
    @Nullable ValueFrom passwordFrom,
    @Pattern("^[^\\s]+$") @Size(min = 1, max = 256) @Nullable String sentinelUsername,
    @Nullable ValueFrom sentinelPasswordFrom,
    @Nullable Tls tls)
    implements TargetKind {
  private static final Map<String, Unit> SENTINELS =
      Map.of("sentinels", Unit.Count, "sentinelsDown", Unit.Count);

  private static final Map<String, Unit> NODES =
      Map.of(
          "nodes", Unit.Count,
          "nodesDown", Unit.Count,
          "masters", Unit.Count,
          "slotsUncovered", Unit.Count);

  public RedisTarget(
      String url, @Nullable String username, @Nullable ValueFrom passwordFrom, @Nullable Tls tls) {
    this(url, username, passwordFrom, null, null, tls);
  }

  @Override
  public Map<String, Unit> measurements() {
    var all =
        new HashMap<>(
            Map.of(
                "latency", Unit.Seconds,
                "memoryBytes", Unit.Bytes,
                "memoryLimitBytes", Unit.Bytes,
                "memoryPercent", Unit.Percent,
                "clients", Unit.Count,
                "replicas", Unit.Count,
                "replicationLag", Unit.Seconds));
    if (url.matches("rediss?-sentinel:.*")) {
      all.putAll(SENTINELS);
    } else if (url.matches("rediss?-cluster:.*")) {
      all.putAll(NODES);
    }
    return all;
  }
}
