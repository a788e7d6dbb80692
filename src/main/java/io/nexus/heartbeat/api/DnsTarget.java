package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A name in DNS, or a DNS server.
 *
 * @param name The name that is asked for, such as nexus.example.com; without a server, one without
 *     dots is a Service of the monitor's namespace.
 * @param type The type of record.
 * @param server A DNS server, by name or address, which is then what is watched. By default those
 *     of the machine or pod that Heartbeat runs on, which are not.
 * @param port The server's port, 1 to 65535.
 * @param expect Values that the records must have, at most 20, such as 203.0.113.5, or '10
 *     mail.example.com' for MX. Others may be there too.
 */
@Wire
public record DnsTarget(
    @Required @Pattern("^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?[.]?$") @Size(min = 1, max = 253) String name,
    @Default("A") Type type,
    @Host @Nullable String server,
    @Default("53") @Min(1) @Max(65535) Integer port,
    @Size(max = 20) @ListSet List<@Size(min = 1, max = 1024) String> expect)
    implements TargetKind {

  public DnsTarget {
    type = requireNonNullElse(type, Type.A);
    port = requireNonNullElse(port, 53);
    expect = List.copyOf(requireNonNullElse(expect, List.of()));
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "latency", Unit.Seconds,
        "answers", Unit.Count,
        "ttl", Unit.Seconds);
  }

  /** As DNS writes them. */
  public enum Type {
    A,
    AAAA,
    CAA,
    CNAME,
    MX,
    NS,
    PTR,
    SOA,
    SRV,
    TXT
  }
}
