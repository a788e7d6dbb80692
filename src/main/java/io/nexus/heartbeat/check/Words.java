package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the way to a store, in words. */
final class Words {
  private static final int MAX_WIRE_TEXT = 200;

  private final Duration whole;
  private final Deadline deadline;
  private final List<String> secrets;

  /**
   * @param secrets what was sent to the peer, which may send it back
   */
  Words(Duration whole, Deadline deadline, List<String> secrets) {
    this.whole = whole;
    this.deadline = deadline;
    this.secrets = secrets.stream().filter(secret -> !secret.isEmpty()).toList();
  }

  String timedOut() {
    // Some of the time was gone before anybody looked: 999 ms were meant as 1 s.
    var millis = Math.round(whole.toMillis() / 50.0) * 50;
    return millis < 1000
        ? "timed out after " + millis + " ms"
        : "timed out after "
            + BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString()
            + " s";
  }

  /** Of any failure to open or use a connection; the first cause that is known decides. */
  Reading broken(Throwable failure) {
    for (var cause : chain(failure)) {
      switch (cause) {
        case Dialer.Unresolvable ours -> {
          return new Reading.Unknown(clean(ours.getMessage()));
        }
        case Dialer.AddressRefused refused -> {
          return new Reading.Unknown(clean(refused.getMessage()));
        }
        case Dialer.NoSuchHost none -> {
          return down(clean(none.getMessage()));
        }
        case Oversized oversized -> {
          return down(clean(oversized.getMessage()));
        }
        default -> {}
      }
    }
    if (deadline.remaining().isZero()
        || chain(failure).stream().anyMatch(SocketTimeoutException.class::isInstance)) {
      return down(timedOut());
    }
    return down(reason(failure));
  }

  private String reason(Throwable failure) {
    for (var cause : chain(failure)) {
      switch (cause) {
        case CertificateExpiredException expired -> {
          return "certificate expired: " + clean(expired.getMessage());
        }
        case CertificateNotYetValidException early -> {
          return "certificate not yet valid: " + clean(early.getMessage());
        }
        case CertPathBuilderException _ -> {
          return "certificate is not signed by a trusted CA: check tls.caFrom";
        }
        case ConnectException refused -> {
          var text = String.valueOf(refused.getMessage());
          return text.startsWith("Connection refused") ? "connection refused" : clean(text);
        }
        case NoRouteToHostException _ -> {
          return "no route to host";
        }
        case EOFException _ -> {
          return "connection closed by the server";
        }
        default -> {}
      }
    }
    var tls = chain(failure).stream().filter(SSLException.class::isInstance).toList();
    if (!tls.isEmpty()) {
      var text = String.valueOf(tls.getLast().getMessage());
      return text.contains("not an SSL/TLS record") || text.startsWith("Unsupported or unrec")
          ? "the server does not speak TLS here"
          : "TLS failed: " + clean(String.valueOf(chain(failure).getLast().getMessage()));
    }
    var text = String.valueOf(chain(failure).getLast().getMessage());
    return switch (text) {
      case "Connection reset", "Connection reset by peer" -> "connection reset by the server";
      case "null" -> "connection closed by the server";
      default -> clean(text);
    };
  }

  static Reading.Down down(String cause) {
    return new Reading.Down(cause, Measurements.NONE);
  }

  static List<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20).toList();
  }

  /** Text from the wire: one line, bounded, without control or bidirectional characters. */
  String clean(@Nullable String text) {
    var shown = String.valueOf(text);
    for (var secret : secrets) {
      shown = shown.replace(secret, "***");
    }
    shown = shown.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    return shown.length() <= MAX_WIRE_TEXT ? shown : shown.substring(0, MAX_WIRE_TEXT - 1) + "…";
  }

  /** More came back than an honest server sends. */
  static final class Oversized extends IOException {
    private static final long serialVersionUID = 1;

    Oversized(String message) {
      super(message);
    }
  }
}
