package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.alert.Delivery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Receivers that refused the last message, and why, until one gets through. */
final class Undeliverable {
  private final Map<MonitorKey, Map<String, String>> byMonitor = new ConcurrentHashMap<>();

  void learn(MonitorKey key, List<Delivery> news) {
    for (var delivery : news) {
      switch (delivery) {
        case Delivery.Delivered delivered -> of(key).remove(delivered.receiver());
        case Delivery.Delayed _ -> {}
        case Delivery.Dead dead ->
            byMonitor
                .computeIfAbsent(key, _ -> new ConcurrentHashMap<>())
                .put(dead.receiver(), dead.why());
      }
    }
  }

  Map<String, String> of(MonitorKey key) {
    return byMonitor.getOrDefault(key, new ConcurrentHashMap<>());
  }

  void forget(MonitorKey key) {
    byMonitor.remove(key);
  }
}
