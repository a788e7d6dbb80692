package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Target;
import java.util.List;
import java.util.Locale;

/** What a person can do about a target, by what its check said. */
final class TargetFix {
  private record Hint(String said, String fix) {}

  /** The first that was said. What a check could not tell mostly has the remedy in its words. */
  private static final List<Hint> HINTS =
      List.of(
          new Hint("cannot be asked", "mend that target first"),
          new Hint("is not open", "watch another address: this one is never opened"),
          new Hint("does not open", "watch another address: this one is never opened"),
          new Hint("connection refused", "start it, or mend host and port: nobody listens there"),
          new Hint("timed out", "see whether it hangs, or a firewall drops what is sent to it"),
          new Hint("no route", "see whether that machine is up, and the firewall before it"),
          new Hint(
              "no such host", "mend the name: getent hosts NAME finds what this machine knows"),
          new Hint("does not exist", "mend the name, or create what it names"),
          new Hint("certificate", "renew it, or name its authority in tls"),
          new Hint("is not accepted", "mend user and password, in the Secret of this target"),
          new Hint("secret ", "see that Secret above"),
          new Hint("password", "mend user and password, in the Secret of this target"),
          new Hint("authent", "mend user and password, in the Secret of this target"),
          new Hint("permission denied", "grant it to the user that heartbeat connects as"),
          new Hint("environment variable", "see that variable above"),
          new Hint("http ", "ask it by hand (curl -i), then mend the path, or expect"),
          new Hint("kubernetes", "take it out: it is only for a cluster"));

  private TargetFix() {}

  static String of(Target target, Level level, String words) {
    var said = words.toLowerCase(Locale.ROOT);
    for (var hint : HINTS) {
      if (said.contains(hint.said())) {
        return hint.fix();
      }
    }
    var page = "docs/monitor.md says of " + target.kind().fieldName() + " what this means";
    return level == Level.Unknown ? "it cannot be told until that is mended; " + page : page;
  }
}
