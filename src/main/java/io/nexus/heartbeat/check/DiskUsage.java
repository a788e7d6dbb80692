package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Rise;

/**
 * How full a file system is. What is used and what is available are together less than all of it:
 * some is reserved for root.
 *
 * @param used bytes
 * @param available bytes that one who is not root may still write
 * @param total bytes
 * @param inodes how many there can be; 0 where they are not counted
 */
public record DiskUsage(
    double used, double available, double total, double inodesUsed, double inodes) {

  Measurements measured() {
    var measured = Measurements.NONE.with("freeBytes", available).with("totalBytes", total);
    measured =
        used + available > 0
            ? measured
                .with("percent", 100 * used / (used + available))
                .rising(Rise.of("percent", 100, "full"))
            : measured.without("percent", "this file system has no size");
    return inodes > 0
        ? measured.with("inodesPercent", 100 * inodesUsed / inodes)
        : measured.without("inodesPercent", "this file system does not count them");
  }
}
