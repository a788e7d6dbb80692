package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision wants to know of the world.
 *
 * @param action what may be done, or was
 * @param plan the act under way; null: none is
 * @param failing pods that fail, where they are known singly
 */
public record Look(Action action, @Nullable Plan plan, List<PodRef> failing) {}
