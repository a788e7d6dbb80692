package io.nexus.heartbeat.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** What a failed connection says: that the other side is down, or only that we cannot tell. */
public sealed interface Fault {
  String words();

  record Down(String words) implements Fault {}

  record Unknown(String words) implements Fault {}

  static Fault of(IOException failure) {
    return switch (failure) {
      case Dialer.NoSuchHost e -> new Down(message(e));
      case Dialer.Unresolvable e -> new Unknown(message(e));
      case Dialer.AddressRefused e -> new Unknown(message(e));
      case Misconfigured e -> new Unknown(message(e));
      case ProtocolFailure e -> new Down(message(e));
      case SocketTimeoutException e ->
          new Down(message(e).startsWith("timed out") ? message(e) : "timed out");
      case NoRouteToHostException _ -> new Down("no route to host");
      case EOFException _ -> new Down("closed the connection without an answer");
      case SocketException e -> ofSystem(message(e));
      default -> {
        var cause = failure.getCause();
        yield cause instanceof IOException inner && inner != failure
            ? of(inner)
            : new Down(message(failure).isEmpty() ? "the connection failed" : message(failure));
      }
    };
  }

  /** The JDK passes on the system's own words, strerror(3). */
  private static Fault ofSystem(String message) {
    var lower = message.toLowerCase(Locale.ROOT);
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
    if (lower.contains("network is unreachable")) {
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
    if (lower.contains("closed")) {
      return new Unknown("the check was ended early");
    }
    return new Down(lower);
  }

  private static String message(IOException e) {
    var message = e.getMessage();
    return message == null ? "" : Plain.text(message, 300);
  }
}
