package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC server, by its health service (grpc.health.v1).
 *
 * @param url Where it is, such as http://orders:50051, or https:// for TLS; a host without dots is
 *     a Service of the monitor's namespace. Without user, password, path and parameters.
 * @param service Whose health is asked for, such as nexus.Orders; by default the whole server's.
 * @param authority The :authority of the call when it is not the url's host and port.
 * @param headers Metadata of the call, at most 20.
 * @param tls How the server's certificate is judged, for https://.
 */
@Wire
public record GrpcTarget(
    @Required
        @Pattern("^https?://[^\\s]+$") @Size(min = 8, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message =
                "a password does not belong into a URL; send an authorization header with"
                    + " headers[].valueFrom")
        @ValidationRule(
            value = "self.matches('^[a-z]+://[^/?#]*/?$')",
            message =
                "a gRPC URL has neither path nor parameters; right would be http://orders:50051")
        String url,
    @Pattern("^[A-Za-z0-9_./-]+$") @Size(min = 1, max = 253) @Nullable String service,
    @Pattern("^[A-Za-z0-9_.:\\[\\]-]+$") @Size(min = 1, max = 253) @Nullable String authority,
    @Size(max = 20) @ListMap("name") List<HttpTarget.Header> headers,
    @Nullable Tls tls)
    implements TargetKind {

  public GrpcTarget {
    headers = List.copyOf(requireNonNullElse(headers, List.of()));
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "latency", Unit.Seconds,
        "certificateDays", Unit.Days);
  }
}
