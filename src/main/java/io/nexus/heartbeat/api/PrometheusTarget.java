package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value of a Prometheus query, judged by a threshold on the measurement value.
 *
 * @param url Where Prometheus, or what speaks as it does, is, such as http://prometheus:9090; a
 *     host without dots is a Service of the monitor's namespace. Without user, password and
 *     parameters.
 * @param query An instant query whose result is one series or a scalar, such as
 *     sum(rate(errors_total[5m])); at most 2048 characters.
 * @param tokenFrom A bearer token from a Secret.
 * @param tls How the server's certificate is judged, for https://.
 */
@Wire
public record PrometheusTarget(
    @Required
        @Pattern("^https?://[^\\s]+$") @Size(min = 8, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message =
                "a password does not belong into a URL; put a token into a Secret and name it in"
                    + " tokenFrom")
        @ValidationRule(
            value = "!self.matches('[?#]')",
            message = "a Prometheus URL has no parameters; right would be http://prometheus:9090")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "http://prometheus:9090")
        String url,
    @Required @Size(min = 1, max = 2048) String query,
    @Nullable ValueFrom tokenFrom,
    @Nullable Tls tls)
    implements TargetKind {

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "value", Unit.Any,
        "latency", Unit.Seconds);
  }

  /** Whom to ask. */
  @JsonIgnore
  public PrometheusServer server() {
    return new PrometheusServer(url, tokenFrom, tls);
  }
}
