package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server. Exactly one of {@code url}, {@code urlFrom} and {@code host}.
 *
 * @param url Such as postgresql://user@host:5432/database?sslmode=verify-full, as libpq writes it;
 *     without a password.
 * @param urlFrom The same from a Secret, there also with a password.
 * @param host The server's host name or address.
 * @param port The port of {@code host}, 1 to 65535, by default 5432; a url carries its own.
 * @param database The database; by default the one named like the user.
 * @param user The user.
 * @param userFrom The user from a Secret.
 * @param passwordFrom The password from a Secret.
 * @param tls Whether the connection is encrypted and how the server's certificate is judged.
 * @param queries Questions that are answered by one number, at most 10; each becomes the
 *     measurement of its name. Never run as a superuser.
 */
@Wire
@ValidationRule(
    value = "[has(self.url), has(self.urlFrom), has(self.host)].exists_one(k, k)",
    message = "exactly one of url, urlFrom and host must be set")
@ValidationRule(
    value = "!(has(self.user) && has(self.userFrom))",
    message = "only one of user and userFrom can be set",
    fieldPath = ".userFrom")
@ValidationRule(
    value = "!has(self.port) || has(self.host)",
    message = "port belongs to host; a url carries its own, as in postgresql://user@host:5432/x",
    fieldPath = ".port")
public record PostgresTarget(
    @Pattern("^(postgres|postgresql)://[^\\s]+$") @Size(min = 12, max = 1024)
        @ValidationRule(
            value =
                "!self.matches('^[a-z]+://[^/?#]*:[^/?#]*@') &&"
                    + " !self.matches('[?&](password|sslpassword)=')",
            message =
                "a password does not belong into a URL; put it into a Secret and name it in passwordFrom, or the whole URL in urlFrom")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "postgresql://nexus@db:5432/nexus")
        @Nullable String url,
    @Nullable ValueFrom urlFrom,
    @Host @Nullable String host,
    @Min(1) @Max(65535) @Nullable Integer port,
    @Size(min = 1, max = 63) @Nullable String database,
    @Size(min = 1, max = 63) @Nullable String user,
    @Nullable ValueFrom userFrom,
    @Nullable ValueFrom passwordFrom,
    @Nullable PostgresTls tls,
    @Size(max = 10) @ListMap("name") List<Query> queries)
    implements TargetKind {

  public PostgresTarget {
    queries = List.copyOf(requireNonNullElse(queries, List.of()));
  }

  /** Before nobody can connect any more, somebody should know. */
  @Override
  public List<Threshold> limits() {
    return List.of(
        new Threshold(
            "connectionsPercent", new IntOrString("80%"), null, null, Threshold.Direction.Above));
  }

  /** Where the server is and as whom to connect, without what this target asks itself. */
  public PostgresTarget withoutQueries() {
    return new PostgresTarget(
        url, urlFrom, host, port, database, user, userFrom, passwordFrom, tls, List.of());
  }

  @Override
  public Map<String, Unit> measurements() {
    var all =
        new HashMap<>(
            Map.of(
                "latency", Unit.Seconds,
                "connections", Unit.Count,
                "connectionsLimit", Unit.Count,
                "connectionsPercent", Unit.Percent,
                "replicationLag", Unit.Seconds));
    queries.forEach(query -> all.put(query.name(), Unit.Any));
    return Map.copyOf(all);
  }

  /**
   * A question that is answered by one number.
   *
   * @param name The measurement's name, such as work_orders.
   * @param sql One SELECT (or WITH) that gives one row with one number, at most 2048 characters. It
   *     is run in a read-only transaction, with UTC as the time zone.
   */
  @Wire
  public record Query(
      @Required
          @Pattern("^[a-z][a-zA-Z0-9_]*$") @Size(min = 1, max = 63) @ValidationRule(
              value =
                  "!(self in ['latency', 'connections', 'connectionsLimit', 'connectionsPercent',"
                      + " 'replicationLag', 'version', 'role'])",
              message = "this is measured anyway; give the query another name")
          String name,
      @Required
          @Size(min = 8, max = 2048) @ValidationRule(
              value = "self.matches(r'(?i)^\\s*(select|with)\\b')",
              message = "a query must begin with SELECT or WITH; it only reads")
          String sql) {}

  /**
   * Whether the connection is encrypted and how the server's certificate is judged.
   *
   * @param mode As libpq's sslmode: Disable, Prefer, Require, VerifyCA or VerifyFull.
   * @param caFrom The CA that signed the server's certificate, PEM; by default the system's.
   */
  @Wire
  public record PostgresTls(@Nullable SslMode mode, @Nullable ValueFrom caFrom) {}

  /** libpq's sslmode. */
  public enum SslMode {
    Disable,
    Prefer,
    Require,
    VerifyCA,
    VerifyFull
  }
}
