package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.Level;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one target now, for metrics and pages.
 *
 * @param counts for its monitor's level: not suspended, and not an optional one never seen up
 */
public record TargetView(
    MonitorKey monitor,
    String target,
    String kind,
    Level level,
    @Nullable Instant lastChecked,
    @Nullable Duration latency,
    boolean incident,
    boolean counts) {}
