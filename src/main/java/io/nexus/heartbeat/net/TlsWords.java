package io.nexus.heartbeat.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong in a handshake, for a person. */
final class TlsWords {
  private static final int MOST_NAMES = 5;

  private TlsWords() {}

  /** A failure of the handshake in words; one that is not TLS' own stays what it is. */
  static IOException of(IOException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      switch (t) {
        case WordyTrust.Refused refused -> {
          return new ProtocolFailure(String.valueOf(refused.getMessage()));
        }
        case ProtocolFailure known -> {
          return known;
        }
        case Misconfigured known -> {
          return known;
        }
        default -> {}
      }
    }
    if (failure instanceof SSLException) {
      if (failure.getCause() instanceof EOFException
          || failure.getCause() instanceof ClosedChannelException) {
        return new ProtocolFailure("closed the connection during the TLS handshake");
      }
      if (failure.getCause() instanceof SocketException inner) {
        return inner;
      }
      var message = String.valueOf(failure.getMessage());
      var lower = message.toLowerCase(Locale.ROOT);
      if (lower.contains("unrecognized ssl message")
          || lower.contains("unsupported record version")
          || lower.contains("not an ssl/tls record")) {
        return new ProtocolFailure("does not speak TLS");
      }
      if (lower.contains("bad_certificate") || lower.contains("certificate_required")) {
        return new ProtocolFailure("asks for a client certificate, which Heartbeat has none of");
      }
      if (lower.contains("no_application_protocol")) {
        return new ProtocolFailure("does not agree in TLS to speak what we need (ALPN)");
      }
      if (lower.contains("closed already")) { // Netty, of what is sent after a refusal
        return new ProtocolFailure("closed the connection without an answer");
      }
      return new ProtocolFailure("TLS handshake failed: " + Plain.text(message, 200));
    }
    return failure;
  }

  static void unexpired(X509Certificate leaf, Instant now) throws ProtocolFailure {
    var words = expiry(leaf, now);
    if (words != null) {
      throw new ProtocolFailure(words);
    }
  }

  static String ofCertificate(
      X509Certificate[] chain, String host, CertificateException why, Instant now) {
    var leaf = chain[0];
    var expiry = expiry(leaf, now);
    if (expiry != null) {
      return expiry;
    }
    for (Throwable t = why; t != null; t = t.getCause()) {
      if (t instanceof CertificateExpiredException) {
        return "a certificate above the server's own has expired";
      }
      if (t instanceof CertPathBuilderException) {
        return leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal())
            ? "certificate is signed by itself, which is an unknown authority"
            : "certificate is signed by an unknown authority";
      }
    }
    // Only the comparison of names throws one without a cause.
    if (why.getClass() == CertificateException.class && why.getCause() == null) {
      return "certificate is for " + names(leaf) + ", not " + Plain.text(host, 100);
    }
    return "certificate is not accepted: " + Plain.text(String.valueOf(why.getMessage()), 200);
  }

  static @Nullable String expiry(X509Certificate leaf, Instant now) {
    var end = leaf.getNotAfter().toInstant();
    if (end.isBefore(now)) {
      return "certificate expired " + span(Duration.between(end, now)) + " ago";
    }
    var start = leaf.getNotBefore().toInstant();
    return start.isAfter(now)
        ? "certificate is valid only in " + span(Duration.between(now, start))
        : null;
  }

  private static String span(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() == 1 ? "1 day" : time.toDays() + " days";
    }
    if (time.toHours() > 0) {
      return time.toHours() == 1 ? "1 hour" : time.toHours() + " hours";
    }
    return time.toMinutes() == 1 ? "1 minute" : time.toMinutes() + " minutes";
  }

  private static String names(X509Certificate leaf) {
    try {
      Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
      if (alternatives != null) {
        var names =
            alternatives.stream()
                .filter(entry -> entry.get(0) instanceof Integer type && (type == 2 || type == 7))
                .map(entry -> Plain.text(String.valueOf(entry.get(1)), 100))
                .toList();
        if (!names.isEmpty()) {
          var shown = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
          return names.size() > MOST_NAMES
              ? shown + " and " + (names.size() - MOST_NAMES) + " more"
              : shown;
        }
      }
    } catch (CertificateParsingException _) {
      // Then its subject has to do.
    }
    return Plain.text(leaf.getSubjectX500Principal().getName(), 100);
  }
}
