package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A program of one's own, asked over HTTP: a POST of what is wrong, as JSON. An answer of 2xx means
 * that it is done. It may be asked more than once for one act; the header Idempotency-Key is then
 * the same. Exactly one of {@code url} and {@code urlFrom}.
 *
 * @param url Where to, such as http://repairs/restart, without user or password; a host without
 *     dots is a Service of the monitor's namespace.
 * @param urlFrom The same from a Secret, where the URL itself is one.
 * @param signingKeyFrom A key with which the request is signed: the header Heartbeat-Signature is
 *     t=SECONDS,v1=HEX, an HMAC-SHA256 of the SECONDS since 1970, a dot and the body.
 * @param timeout How long one request may take, more than 0s and at most 30s.
 */
@Wire
@ExactlyOne({"url", "urlFrom"})
public record Webhook(
    // A rule of CEL would cost too much here, where there may be a thousand of them.
    @Pattern("^https?://([^/?#@:\\[\\]\\s]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([/?#][^\\s]*)?$") @Size(min = 8, max = 1024)
        @Nullable String url,
    @Nullable ValueFrom urlFrom,
    @Nullable ValueFrom signingKeyFrom,
    @GoDurationText
        @Default("10s")
        @ValidationRule(
            value = "duration(self) > duration('0s') && duration(self) <= duration('30s')",
            message = "timeout must be greater than 0s and at most 30s")
        Duration timeout)
    implements Action {

  public Webhook {
    timeout = requireNonNullElse(timeout, Duration.ofSeconds(10));
  }

  /** Without a query, which may hold what is nobody's business. */
  @Override
  @JsonIgnore
  public Subject subject() {
    return new Subject(
        "Webhook",
        url == null
            ? String.valueOf(urlFrom)
            : url.replaceFirst("^https?://", "").replaceFirst("[?#].*$", ""));
  }

  @Override
  public String words() {
    return "call " + subject();
  }

  @Override
  public String past() {
    return "called " + subject();
  }
}
