package io.nexus.heartbeat.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Readers without Kubernetes: whoever has the token; without one whoever is on this machine, and no
 * web page that a browser of this machine happens to show.
 */
public final class LocalReaders implements Readers {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(?i)(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");

  private final boolean loopback;
  private final byte @Nullable [] token;

  private LocalReaders(boolean loopback, byte @Nullable [] token) {
    this.loopback = loopback;
    this.token = token;
  }

  /**
   * @param token null: nobody from beyond this machine
   */
  public static LocalReaders of(InetSocketAddress listening, @Nullable String token) {
    var address = listening.getAddress();
    return new LocalReaders(
        address != null && address.isLoopbackAddress(),
        token == null ? null : token.getBytes(UTF_8));
  }

  @Override
  public Admission admit(Request request) {
    if (token != null) {
      return has(request.token())
          ? new Admission.Granted(Readers.asked(request))
          : new Admission.WhoAreYou("the token of --token-file is needed, as a bearer token");
    }
    if (!loopback) {
      return new Admission.Denied(
          "shown beyond this machine only with a token; start with --token-file FILE");
    }
    // A page whose name leads here would be read by whoever made it (DNS rebinding).
    return request.host() != null && THIS_MACHINE.matcher(request.host()).matches()
        ? new Admission.Granted(Readers.asked(request))
        : new Admission.Denied("shown to this machine only, so ask for 127.0.0.1 or localhost");
  }

  private boolean has(@Nullable String given) {
    return given != null && MessageDigest.isEqual(given.getBytes(UTF_8), token);
  }
}
