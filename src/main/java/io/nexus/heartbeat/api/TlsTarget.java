package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A TLS server's certificate: whether it is accepted, and for how long.
 *
 * @param host A host name or address; a name without dots is a Service of the monitor's namespace.
 * @param port The port, 1 to 65535, which must begin with TLS at once.
 * @param serverName The name in SNI and certificate when it is not the host's.
 * @param caFrom PEM certificates that are trusted instead of the system's.
 * @param degraded With fewer days left than this it is Degraded, 0 to 3650.
 * @param critical With fewer days left than this it is Critical, 0 to 3650; when it has expired it
 *     always is.
 */
@Wire
@ValidationRule(
    value = "!has(self.critical) || !has(self.degraded) || self.critical < self.degraded",
    message = "critical must be fewer days than degraded (14, when it is not set)")
public record TlsTarget(
    @Required @Host String host,
    @Default("443") @Min(1) @Max(65535) Integer port,
    @Host @Nullable String serverName,
    @Nullable ValueFrom caFrom,
    @Default("14") @Min(0) @Max(3650) Integer degraded,
    @Min(0) @Max(3650) @Nullable Integer critical)
    implements TargetKind {

  public TlsTarget {
    port = requireNonNullElse(port, 443);
    degraded = requireNonNullElse(degraded, 14);
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of("certificateDays", Unit.Days, "latency", Unit.Seconds);
  }
}
