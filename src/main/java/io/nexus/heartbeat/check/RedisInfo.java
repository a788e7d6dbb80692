package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What INFO says, of the server or of its cluster: what is used of it. */
record RedisInfo(Map<String, String> fields) {
  /** More digits than any server has bytes, clients or seconds. */
  private static final int MAX_DIGITS = 18;

  /** An honest server has some 200. */
  private static final int MOST_LINES = 2000;

  private static final Set<String> USED =
      Set.of(
          "cluster_slots_assigned",
          "cluster_slots_fail",
          "cluster_state",
          "connected_clients",
          "connected_slaves",
          "loading",
          "master_host",
          "master_last_io_seconds_ago",
          "master_link_down_since_seconds",
          "master_link_status",
          "master_sync_in_progress",
          "maxmemory",
          "redis_version",
          "role",
          "used_memory",
          "valkey_version");

  private static final List<String> TOLD =
      List.of(
          "memoryBytes",
          "memoryLimitBytes",
          "memoryPercent",
          "clients",
          "replicas",
          "replicationLag");

  static RedisInfo parse(String text) {
    var fields = new HashMap<String, String>();
    text.lines()
        .limit(MOST_LINES)
        .forEach(
            line -> {
              var colon = line.indexOf(':');
              var name = line.substring(0, Math.max(0, colon));
              if (USED.contains(name)) {
                fields.put(name, line.substring(colon + 1));
              }
            });
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
      case "master" -> primary(all.with("role", "primary"));
      case "slave" -> replica(all.with("role", "replica"));
      case null, default -> all;
    };
  }

  private Measurements primary(Measurements measured) {
    var replicas = number("connected_slaves");
    var all = measured.without("replicationLag", "it is a primary");
    return replicas == null ? all : all.with("replicas", replicas);
  }

  /** A primary that has nothing to tell still pings, every 10 s (repl-ping-replica-period). */
  private Measurements replica(Measurements measured) {
    var all = measured.without("replicas", "it is a replica");
    var up = "up".equals(fields.get("master_link_status"));
    var lag = number(up ? "master_last_io_seconds_ago" : "master_link_down_since_seconds");
    return lag == null || lag < 0
        ? all.without("replicationLag", "it has not yet heard from its primary")
        : all.with("replicationLag", lag);
  }

  private @Nullable Double number(String field) {
    var text = fields.getOrDefault(field, "");
    return text.matches("-?[0-9]{1," + MAX_DIGITS + "}") ? Double.valueOf(text) : null;
  }

  /** When INFO is not permitted: each number, and why it is not there. */
  static Measurements untold(Measurements measured, String why) {
    var all = measured;
    for (var name : TOLD) {
      all = all.without(name, why);
    }
    return all;
  }
}
