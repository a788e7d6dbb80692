package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request and what its answer must be. Exactly one of {@code url} and {@code service}.
 *
 * @param url Where to, such as http://gateway:8000/health; a host without dots is a Service of the
 *     monitor's namespace. Without user and password.
 * @param service A Service of the monitor's namespace, of which every endpoint is checked.
 * @param path The path of the request to a service, beginning with '/'; a url carries its own.
 * @param method The request's method.
 * @param headers Headers of the request, at most 20.
 * @param body The request's body, at most 8192 characters.
 * @param expect What the answer must be.
 * @param tls How the server's certificate is judged.
 */
@Wire
@ValidationRule(
    value = "[has(self.url), has(self.service)].exists_one(k, k)",
    message = "exactly one of url and service must be set")
public record HttpTarget(
    @Pattern("^https?://[^\\s]+$") @Size(min = 8, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message =
                "a password does not belong into a URL; send an Authorization header with"
                    + " headers[].valueFrom")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "http://gateway:8000/health")
        @Nullable String url,
    @ClusterOnly @Nullable ServiceRef service,
    @Default("/") @Pattern("^/[^\\s]*$") @Size(min = 1, max = 1024) String path,
    @Default("GET") @Among({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        String method,
    @Size(max = 20) @ListMap("name") List<Header> headers,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Size(max = 8192) @Nullable String body,
    @Default("{}") Expect expect,
    @Nullable Tls tls)
    implements TargetKind {

  public HttpTarget {
    path = requireNonNullElse(path, "/");
    method = requireNonNullElse(method, "GET");
    headers = List.copyOf(requireNonNullElse(headers, List.of()));
    expect = requireNonNullElse(expect, Expect.DEFAULT);
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "latency", Unit.Seconds,
        "endpoints", Unit.Count,
        "endpointsDown", Unit.Count,
        "certificateDays", Unit.Days);
  }

  /**
   * A Service of the monitor's namespace; every endpoint behind it is checked.
   *
   * @param name The Service's name.
   * @param port One of the Service's ports, by number or name.
   * @param scheme HTTP or HTTPS.
   */
  @Wire
  public record ServiceRef(
      @Required @Label String name,
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") @Size(min = 1, max = 15) @Min(1) @Max(65535) IntOrString port,
      @Default("HTTP") Scheme scheme) {
    public ServiceRef {
      scheme = requireNonNullElse(scheme, Scheme.HTTP);
    }
  }

  /** As Kubernetes probes write it. */
  public enum Scheme {
    HTTP,
    HTTPS
  }

  /**
   * Exactly one of {@code value} and {@code valueFrom}.
   *
   * @param name The header's name.
   * @param value The header's value, for what everybody may read.
   * @param valueFrom The header's value from a Secret.
   */
  @Wire
  @ValidationRule(
      value = "[has(self.value), has(self.valueFrom)].exists_one(k, k)",
      message = "exactly one of value and valueFrom must be set")
  public record Header(
      @Required @Pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") @Size(min = 1, max = 128) String name,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Pattern("^[\\t\\x20-\\x7E]*$") @Size(max = 2048) @Nullable String value,
      @Nullable ValueFrom valueFrom) {}

  /**
   * What the answer must be.
   *
   * @param status The codes and ranges that are well, 100 to 599, such as 200 and "300-399"; at
   *     most 20.
   * @param maxLatency Slower than this is Degraded; more than 0s.
   * @param body What the body must hold.
   * @param otherwise The level of any other status that is neither 5xx nor 429.
   */
  @Wire
  public record Expect(
      @Default("[\"200-299\"]")
          @Size(min = 1, max = 20) @ValidationRule(
              value =
                  "self.all(s, type(s) == int || !string(s).matches('^[0-9]{3}-[0-9]{3}$') ||"
                      + " string(s).substring(0, 3) <= string(s).substring(4))",
              message = "a range of status codes goes upwards, such as 300-399")
          List<
                  @Pattern("^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$") @Size(min = 3, max = 7) @Min(100) @Max(599) IntOrString>
              status,
      @GoDurationText
          @ValidationRule(
              value = "duration(self) > duration('0s')",
              message = "maxLatency must be greater than 0s")
          @Nullable Duration maxLatency,
      @Nullable Body body,
      @Default("Degraded") Level otherwise) {
    static final Expect DEFAULT = new Expect(List.of(), null, null, Level.Degraded);

    public Expect {
      status = List.copyOf(requireNonNullElse(status, List.of()));
      if (status.isEmpty()) {
        status = List.of(new IntOrString("200-299"));
      }
      otherwise = requireNonNullElse(otherwise, Level.Degraded);
    }
  }

  /**
   * Looked for in the first 64 KiB.
   *
   * @param contains This text must appear in the first 64 KiB of the body.
   */
  @Wire
  public record Body(@Size(min = 1, max = 1024) @Nullable String contains) {}
}
