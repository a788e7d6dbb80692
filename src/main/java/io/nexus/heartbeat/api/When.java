package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a target that answers, in CEL, over up, latency and m.NAME of any measurement,
 * and, of an HTTP answer, status, headers, body and json. At least one of {@code degraded} and
 * {@code critical}.
 *
 * @param degraded While this is true the target is Degraded, such as {@code json.depth > 1000}; at
 *     most 1024 characters.
 * @param critical While this is true the target is Critical, such as {@code m.latency >
 *     duration('1s')}; at most 1024 characters.
 */
@Wire
@ValidationRule(
    value = "has(self.degraded) || has(self.critical)",
    message = "at least one of degraded and critical must be set")
public record When(
    @Size(min = 1, max = When.MAX_LENGTH) @Nullable String degraded,
    @Size(min = 1, max = When.MAX_LENGTH) @Nullable String critical) {
  public static final int MAX_LENGTH = 1024;
}
