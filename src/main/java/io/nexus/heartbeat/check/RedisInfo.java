package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What INFO says. */
record RedisInfo(Map<String, String> fields) {
  /** More digits than any server has bytes, clients or seconds. */
  private static final int MAX_DIGITS = 18;

  static RedisInfo parse(String text) {
    var fields = new HashMap<String, String>();
    for (var line : text.split("\r?\n")) {
      var colon = line.indexOf(':');
      if (colon > 0 && line.charAt(0) != '#') {
        fields.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return new RedisInfo(fields);
  }

  Reading judge(Measurements measured, Words words) {
    var all = measurements(measured, words);
    if ("1".equals(fields.get("loading"))) {
      return new Reading.Impaired("loading its data set into memory", all, true);
    }
    if (!"slave".equals(fields.get("role")) || !"down".equals(fields.get("master_link_status"))) {
      return new Reading.Up(all);
    }
    if ("1".equals(fields.get("master_sync_in_progress"))) {
      return new Reading.Impaired("copying the data set from its primary", all, true);
    }
    var since = number("master_link_down_since_seconds");
    return new Reading.Impaired(
        "replica has lost its primary "
            + words.clean(fields.getOrDefault("master_host", "?"))
            + (since == null || since < 0 ? "" : " for " + since.longValue() + " s"),
        all,
        false);
  }

  private Measurements measurements(Measurements measured, Words words) {
    var all = measured;
    var used = number("used_memory");
    var limit = number("maxmemory");
    if (used != null) {
      all = all.with("memoryBytes", used);
    }
    if (limit != null && limit > 0) {
      all = all.with("memoryLimitBytes", limit);
      all =
          used == null
              ? all.without("memoryPercent", "INFO does not tell used_memory")
              : all.with("memoryPercent", 100 * used / limit);
    } else {
      var why = limit == null ? "INFO does not tell maxmemory" : "maxmemory is not set";
      all = all.without("memoryLimitBytes", why).without("memoryPercent", why);
    }
    var clients = number("connected_clients");
    if (clients != null) {
      all = all.with("clients", clients);
    }
    var version = fields.getOrDefault("valkey_version", fields.get("redis_version"));
    if (version != null) {
      all = all.with("version", words.clean(version));
    }
    return switch (fields.get("role")) {
      case "master" -> all.with("role", "primary");
      case "slave" -> all.with("role", "replica");
      case null, default -> all;
    };
  }

  private @Nullable Double number(String field) {
    var text = fields.getOrDefault(field, "");
    return text.matches("-?[0-9]{1," + MAX_DIGITS + "}") ? Double.valueOf(text) : null;
  }

  /** When INFO is not permitted: each number, and why it is not there. */
  static Measurements untold(Measurements measured, String why) {
    var all = measured;
    for (var name : new String[] {"memoryBytes", "memoryLimitBytes", "memoryPercent", "clients"}) {
      all = all.without(name, why);
    }
    return all;
  }
}
