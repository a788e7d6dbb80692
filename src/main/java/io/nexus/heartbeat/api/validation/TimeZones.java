package io.nexus.heartbeat.api.validation;

import io.nexus.heartbeat.api.NearestName;
import java.time.ZoneId;
import java.util.Comparator;

/** Which time zones there are: the schema knows only what their names look like. */
final class TimeZones {
  private TimeZones() {}

  static void check(Tree tree, Findings found) {
    switch (tree) {
      case Tree.Fields fields -> fields.of().values().forEach(field -> check(field, found));
      case Tree.Items items -> items.of().forEach(item -> check(item, found));
      case Tree.Value value -> {
        var name = String.valueOf(value.plain());
        if (value.path().endsWith(".timeZone") && !ZoneId.getAvailableZoneIds().contains(name)) {
          found.add(value.node(), value.path(), "'" + name + "' is no time zone" + nearest(name));
        }
      }
    }
  }

  /** The one whose whole name or whose city is nearest: many write only that. */
  private static String nearest(String name) {
    return ZoneId.getAvailableZoneIds().stream()
        .min(
            Comparator.<String>comparingInt(zone -> distance(name, zone))
                .thenComparing(Comparator.naturalOrder()))
        .filter(zone -> distance(name, zone) <= Math.max(1, name.length() / 3))
        .map(zone -> "; did you mean '" + zone + "'?")
        .orElse("; right would be such as Europe/Berlin");
  }

  private static int distance(String name, String zone) {
    var city = zone.substring(zone.lastIndexOf('/') + 1);
    return Math.min(NearestName.distance(name, zone), NearestName.distance(name, city));
  }
}
