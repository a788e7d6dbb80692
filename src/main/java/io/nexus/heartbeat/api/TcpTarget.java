package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.util.Map;

/**
 * A port that must accept connections.
 *
 * @param host A host name or address; a name without dots is a Service of the monitor's namespace.
 * @param port The port, 1 to 65535.
 */
@Wire
public record TcpTarget(@Required @Host String host, @Required @Min(1) @Max(65535) Integer port)
    implements TargetKind {

  @Override
  public Map<String, Unit> measurements() {
    return Map.of("latency", Unit.Seconds);
  }
}
