package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that were used today, against a daily limit.
 *
 * @param database The postgres target of this monitor that says where the table is and as whom it
 *     is read. While that target is not well, this one is held.
 * @param dailyLimit How many tokens may be used in a day; at least 1.
 * @param timeZone Where the day begins at midnight, such as Europe/Berlin.
 * @param degraded When this share of the limit is used, the target is Degraded, unless a threshold
 *     on percent says otherwise. Such as 80%.
 * @param critical When this share of the limit is used, the target is Critical, unless a threshold
 *     on percent says otherwise. Such as 100%.
 * @param schema The table's schema; by default the first of the user's search_path that has it.
 * @param table The table of what was used.
 * @param promptTokensColumn The tokens of prompts.
 * @param completionTokensColumn The tokens of completions.
 * @param createdAtColumn When they were used; a time without zone is taken for UTC.
 */
@Wire
@ValidationRule(
    value =
        "![self.degraded, self.critical].all(limit, string(limit).matches('^[0-9.]+%?$'))"
            + " || double(string(self.degraded).replace('%', ''))"
            + " < double(string(self.critical).replace('%', ''))",
    message = "critical must be more than degraded (80% and 100%, when they are not set)",
    fieldPath = ".critical")
public record TokenBudgetTarget(
    @Required @Label String database,
    @Required
        @Min(0) @Max(1e15) @ValidationRule(
            value = "self > 0",
            message =
                "dailyLimit must be at least 1; where there is no limit, leave the target out")
        Long dailyLimit,
    @Default("UTC") @TimeZoneName String timeZone,
    @Default("80%") @Limit IntOrString degraded,
    @Default("100%") @Limit IntOrString critical,
    @Identifier @Nullable String schema,
    @Default("agent_metrics") @Identifier String table,
    @Default("prompt_tokens") @Identifier String promptTokensColumn,
    @Default("completion_tokens") @Identifier String completionTokensColumn,
    @Default("created_at") @Identifier String createdAtColumn)
    implements TableKind {

  public TokenBudgetTarget {
    timeZone = requireNonNullElse(timeZone, "UTC");
    degraded = requireNonNullElse(degraded, new IntOrString("80%"));
    critical = requireNonNullElse(critical, new IntOrString("100%"));
    table = requireNonNullElse(table, "agent_metrics");
    promptTokensColumn = requireNonNullElse(promptTokensColumn, "prompt_tokens");
    completionTokensColumn = requireNonNullElse(completionTokensColumn, "completion_tokens");
    createdAtColumn = requireNonNullElse(createdAtColumn, "created_at");
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "tokensToday", Unit.Count,
        "percent", Unit.Percent,
        "tokensPerHour", Unit.Count,
        "minutesLeft", Unit.Minutes);
  }

  @Override
  public List<Threshold> limits() {
    return List.of(new Threshold("percent", degraded, critical, null, Threshold.Direction.Above));
  }
}
