package io.nexus.heartbeat.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed connection says: that the other side is down, or only that we cannot tell. */
public sealed interface Fault {
  String words();

  record Down(String words) implements Fault {}

  record Unknown(String words) implements Fault {}

  /** Of any failure, a driver's too: the outermost cause that is known decides. */
  static Fault of(Throwable failure) {
    var innermost = failure;
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      var known = known(cause);
      if (known != null) {
        return known;
      }
      innermost = cause;
    }
    var words = message(innermost);
    return new Down(words.isEmpty() ? "the connection failed" : words);
  }

  private static @Nullable Fault known(Throwable cause) {
    return switch (cause) {
      case Dialer.NoSuchHost e -> new Down(message(e));
      case Dialer.Unresolvable e -> new Unknown(message(e));
      case Dialer.AddressRefused e -> new Unknown(message(e));
      case Misconfigured e -> new Unknown(message(e));
      case ProtocolFailure e -> new Down(message(e));
      case SocketTimeoutException e ->
          new Down(message(e).startsWith("timed out") ? message(e) : "timed out");
      case SSLException e -> of(TlsWords.of(e));
      case EOFException _ -> new Down("closed the connection without an answer");
      case ClosedChannelException _ -> new Down("closed the connection without an answer");
      case SocketException e -> {
        var lower = message(e).toLowerCase(Locale.ROOT);
        var known = ofSystem(lower);
        yield known == null && lower.contains("closed")
            ? new Unknown("the check was ended early")
            : known == null ? new Down(lower) : known;
      }
      case IOException e -> ofSystem(message(e).toLowerCase(Locale.ROOT));
      default -> null;
    };
  }

  /** The JDK passes on the system's own words, strerror(3). */
  private static @Nullable Fault ofSystem(String lower) {
    if (lower.contains("connection refused")) {
      return new Down("connection refused");
    }
    if (lower.contains("reset") || lower.contains("broken pipe") || lower.contains("aborted")) {
      return new Down("connection reset");
    }
    if (lower.contains("timed out")) {
      return new Down("timed out");
    }
    if (lower.contains("no route to host") || lower.contains("host is down")) {
      return new Down("no route to host");
    }
    // The second is the JDK's, where this machine has no interface of its own at all.
    if (lower.contains("network is unreachable") || lower.contains("protocol family unavailable")) {
      return new Unknown("network is unreachable from here; is this machine's own network up?");
    }
    if (lower.contains("not permitted") || lower.contains("permission denied")) {
      return new Unknown(
          "not permitted to connect from here; a firewall or policy of ours refuses");
    }
    if (lower.contains("too many open files")) {
      return new Unknown("too many open files in Heartbeat itself; raise its limit (ulimit -n)");
    }
    if (lower.contains("cannot assign requested address")) {
      return new Unknown("no free local port to connect from, or no address of that family here");
    }
    return null;
  }

  private static String message(Throwable e) {
    var message = e.getMessage();
    return message == null ? "" : Plain.text(message, 300);
  }
}
