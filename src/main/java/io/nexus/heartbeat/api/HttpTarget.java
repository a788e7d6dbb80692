package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP request and what its answer must be. Exactly one of {@code url} and {@code service}. */
public record HttpTarget(
    @Nullable String url,
    @Nullable ServiceRef service,
    String path,
    String method,
    List<Header> headers,
    @Nullable String body,
    Expect expect,
    @Nullable Tls tls)
    implements TargetKind {

  public HttpTarget {
    path = requireNonNullElse(path, "/");
    method = requireNonNullElse(method, "GET");
    headers = List.copyOf(requireNonNullElse(headers, List.of()));
    expect = requireNonNullElse(expect, Expect.DEFAULT);
  }

  /** A Service of the monitor's namespace; every endpoint behind it is checked. */
  public record ServiceRef(String name, IntOrString port, Scheme scheme) {
    public ServiceRef {
      scheme = requireNonNullElse(scheme, Scheme.HTTP);
    }
  }

  /** As Kubernetes probes write it. */
  public enum Scheme {
    HTTP,
    HTTPS
  }

  /** Exactly one of {@code value} and {@code valueFrom}. */
  public record Header(String name, @Nullable String value, @Nullable ValueFrom valueFrom) {}

  /**
   * @param status codes and ranges, such as {@code 200} and {@code "300-399"}; by default 200-299
   * @param maxLatency slower than this is Degraded
   * @param otherwise the level of any other status that is neither 5xx nor 429
   */
  public record Expect(
      List<IntOrString> status,
      @Nullable Duration maxLatency,
      @Nullable Body body,
      Level otherwise) {
    static final Expect DEFAULT = new Expect(List.of(), null, null, Level.Degraded);

    public Expect {
      status = List.copyOf(requireNonNullElse(status, List.of()));
      if (status.isEmpty()) {
        status = List.of(new IntOrString("200-299"));
      }
      otherwise = requireNonNullElse(otherwise, Level.Degraded);
    }
  }

  /** Looked for in the first 64 KiB. */
  public record Body(@Nullable String contains) {}
}
