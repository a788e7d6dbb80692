package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Agents, by the work orders they have begun and no longer touch.
 *
 * @param database The postgres target of this monitor that says where the table is and as whom it
 *     is read. While that target is not well, this one is held.
 * @param stuckAfter A work order in one of states that was not touched for so long is stuck; more
 *     than 0s.
 * @param schema The table's schema; by default the first of the user's search_path that has it.
 * @param table The table of work orders.
 * @param idColumn What a work order is named by in messages.
 * @param statusColumn Where its state stands.
 * @param updatedAtColumn When it was last touched; a time without zone is taken for UTC.
 * @param states The states in which a work order must be touched, 1 to 10.
 * @param maxIds How many ids of stuck work orders a message names, 0 to 20; the oldest first.
 */
@Wire
public record AgentsTarget(
    @Required @Label String database,
    @GoDurationText
        @Default("5m")
        @ValidationRule(
            value = "duration(self) > duration('0s')",
            message = "stuckAfter must be greater than 0s")
        Duration stuckAfter,
    @Identifier @Nullable String schema,
    @Default("work_orders") @Identifier String table,
    @Default("id") @Identifier String idColumn,
    @Default("status") @Identifier String statusColumn,
    @Default("updated_at") @Identifier String updatedAtColumn,
    @Default("[\"in_progress\"]") @Size(min = 1, max = 10) @ListSet
        List<@Size(min = 1, max = 63) String> states,
    @Default("10") @Min(0) @Max(20) Integer maxIds)
    implements TableKind {

  public AgentsTarget {
    stuckAfter = requireNonNullElse(stuckAfter, Duration.ofMinutes(5));
    table = requireNonNullElse(table, "work_orders");
    idColumn = requireNonNullElse(idColumn, "id");
    statusColumn = requireNonNullElse(statusColumn, "status");
    updatedAtColumn = requireNonNullElse(updatedAtColumn, "updated_at");
    states = List.copyOf(requireNonNullElse(states, List.of("in_progress")));
    maxIds = requireNonNullElse(maxIds, 10);
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "stuck", Unit.Count,
        "oldestAge", Unit.Seconds);
  }
}
