package io.nexus.heartbeat.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where state is kept when nobody says: systemd's directory, else the XDG Base Directory's. */
final class StatePath {
  private StatePath() {}

  static Path of(Map<String, String> environment) {
    var systemd = environment.getOrDefault("STATE_DIRECTORY", "");
    if (!systemd.isEmpty()) {
      return Path.of(systemd.split(":", -1)[0]);
    }
    var xdg = environment.getOrDefault("XDG_STATE_HOME", "");
    if (xdg.startsWith("/")) { // "paths must be absolute", else they are to be ignored
      return Path.of(xdg, "heartbeat");
    }
    var home = environment.getOrDefault("HOME", "");
    return Path.of(
        home.isEmpty() ? System.getProperty("user.home") : home, ".local", "state", "heartbeat");
  }
}
