package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that must open, greet, answer and keep alive.
 *
 * @param url Where it is, such as ws://gateway:8000/ws; a host without dots is a Service of the
 *     monitor's namespace. Without user, password and token.
 * @param tokenFrom A token from a Secret.
 * @param tokenIn Where the token is sent: Header, as Authorization: Bearer, or Query, as the url's
 *     parameter tokenParameter.
 * @param tokenParameter The name of that parameter.
 * @param headers More headers of the handshake, at most 20.
 * @param subprotocol The subprotocol that the server must agree to.
 * @param expect What comes when it is open, and how fast.
 * @param send A message of ours and its answer.
 * @param ping Whether it must answer a ping of the protocol.
 * @param tls How the server's certificate is judged, for wss://.
 */
@Wire
public record WebSocketTarget(
    @Required
        @Pattern("^wss?://[^\\s#]+$") @Size(min = 6, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message =
                "a password does not belong into a URL; send an Authorization header with"
                    + " headers[].valueFrom")
        @ValidationRule(
            value = "!self.matches('[?&](access_)?token=')",
            message =
                "a token does not belong into a URL; put it into a Secret, name it in tokenFrom and"
                    + " set tokenIn: Query")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "ws://gateway:8000/ws")
        String url,
    @Nullable ValueFrom tokenFrom,
    @Default("Header") TokenIn tokenIn,
    @Default("token") @Pattern("^[A-Za-z0-9._~-]+$") @Size(min = 1, max = 64) String tokenParameter,
    @Size(max = 20) @ListMap("name") List<HttpTarget.Header> headers,
    @Pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") @Size(min = 1, max = 128) @Nullable String subprotocol,
    @Default("{}") Expect expect,
    @Nullable Exchange send,
    @Default("true") Boolean ping,
    @Nullable Tls tls)
    implements TargetKind {

  public WebSocketTarget {
    tokenIn = requireNonNullElse(tokenIn, TokenIn.Header);
    tokenParameter = requireNonNullElse(tokenParameter, "token");
    headers = List.copyOf(requireNonNullElse(headers, List.of()));
    expect = requireNonNullElse(expect, new Expect(null, null));
    ping = requireNonNullElse(ping, true);
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "latency", Unit.Seconds,
        "handshakeLatency", Unit.Seconds,
        "firstFrameLatency", Unit.Seconds,
        "certificateDays", Unit.Days);
  }

  /** Where the token is sent. */
  public enum TokenIn {
    Header,
    Query
  }

  /**
   * What comes when it is open, and how fast.
   *
   * @param contains This text must appear in the first 64 KiB of the first message. By default no
   *     message is waited for.
   * @param maxLatency When all of it takes longer than this it is Degraded; more than 0s.
   */
  @Wire
  public record Expect(
      @Size(min = 1, max = 1024) @Nullable String contains,
      @GoDurationText
          @ValidationRule(
              value = "duration(self) > duration('0s')",
              message = "maxLatency must be greater than 0s")
          @Nullable Duration maxLatency) {}

  /**
   * A message of ours and its answer.
   *
   * @param text What is sent, as one text message, such as {"type":"req","id":"1","method":"ping"};
   *     everybody may read it.
   * @param contains This text must appear in the first 64 KiB of a message that comes then, such as
   *     "ok":true. Others may come before it.
   */
  @Wire
  public record Exchange(
      @Required @JsonInclude(JsonInclude.Include.NON_NULL) @Size(min = 1, max = 8192) String text,
      @Required @Size(min = 1, max = 1024) String contains) {}
}
