package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.reading.Measurements;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one target now, for metrics and pages.
 *
 * @param level Unknown while it is suspended
 * @param message why it is not Healthy; else mostly empty
 * @param counts for its monitor's level: not suspended, and not an optional one never seen up
 */
public record TargetView(
    MonitorKey monitor,
    String target,
    String kind,
    Level level,
    String message,
    Measurements measurements,
    @Nullable Instant lastChecked,
    @Nullable Duration latency,
    boolean incident,
    boolean counts) {}
