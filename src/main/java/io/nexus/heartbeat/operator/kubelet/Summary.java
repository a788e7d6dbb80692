package io.nexus.heartbeat.operator.kubelet;

import io.nexus.heartbeat.check.DiskUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one kubelet told of its file systems; null is what it did not tell.
 *
 * @param claims those that its pods mount, as far as it measures them
 */
record Summary(
    @Nullable FileSystem root, @Nullable FileSystem image, Map<Claim, FileSystem> claims) {

  record Claim(String namespace, String name) {}

  /**
   * @param measured by the kubelet's clock; null when it does not say
   */
  record FileSystem(DiskUsage usage, @Nullable Instant measured) {

    /** By the same clock; nothing when it is not known. */
    Duration age(@Nullable Instant now) {
      return measured == null || now == null || now.isBefore(measured)
          ? Duration.ZERO
          : Duration.between(measured, now);
    }
  }
}
