package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.WorkloadRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision is made of. Two equal situations lead to equal decisions.
 *
 * @param monitor {@code namespace/name}
 * @param uid the monitor's
 * @param prior the status as stored, which will be replaced
 * @param assessments by target
 * @param checks the version of each target's check, by target
 * @param proven an earlier process saw each target checked as it is declared now
 * @param facts what was just read of what may be, or was, repaired
 * @param acts what came of acts, by plan id
 * @param putBack workloads that have the replicas again which they had
 * @param circumstances what bears on every act
 * @param news what receivers were told since the last decision, with the incident
 * @param tellings what came of telling receivers since the last decision, as it happened
 * @param receivers of the spec, and the standing ones
 * @param nonce 128 random bits in hexadecimal, for the ids of new incidents
 * @param listeningSince since when this process hears what targets say of themselves
 * @param orders what people order of it, by annotation
 * @param pressed what people order of it, by buttons
 * @param notReady reason and message why the monitor cannot be processed
 */
public record Situation(
    String monitor,
    String uid,
    long generation,
    MonitorSpec spec,
    MonitorStatus prior,
    Map<String, Assessment> assessments,
    Map<String, String> checks,
    boolean proven,
    Map<Look, Facts> facts,
    Map<String, ActResult> acts,
    Set<WorkloadRef> putBack,
    Circumstances circumstances,
    Map<String, List<Told>> news,
    List<TellResult> tellings,
    List<Receiver> receivers,
    Instant now,
    String nonce,
    Instant listeningSince,
    Map<Order, String> orders,
    Pressed pressed,
    @Nullable NotReady notReady) {

  /** Why the monitor cannot be processed: a CamelCase reason and a sentence. */
  public record NotReady(String reason, String message) {}

  /** The same, had another status been stored. */
  Situation after(MonitorStatus other) {
    return new Situation(
        monitor,
        uid,
        generation,
        spec,
        other,
        assessments,
        checks,
        proven,
        facts,
        acts,
        putBack,
        circumstances,
        news,
        tellings,
        receivers,
        now,
        nonce,
        listeningSince,
        orders,
        pressed,
        notReady);
  }

  Assessment assessment(Target target) {
    return assessments.getOrDefault(target.name(), Assessment.NONE);
  }

  String namespace() {
    return monitor.substring(0, monitor.indexOf('/'));
  }

  /** It was Healthy under this version of its check, as this process saw or another wrote down. */
  boolean armed(Target target) {
    var check = checks.getOrDefault(target.name(), "");
    return assessment(target).armed()
        || prior.state().armed().stream()
            .anyMatch(armed -> armed.target().equals(target.name()) && armed.check().equals(check));
  }

  /** It was once Healthy, under whatever version of its check. */
  boolean seenUp(Target target) {
    return assessment(target).armed()
        || prior.state().armed().stream().anyMatch(armed -> armed.target().equals(target.name()));
  }

  /** It counts for the monitor's level and may have incidents. */
  boolean counts(Target target) {
    return !spec.isSuspended(target) && (!target.optional() || seenUp(target));
  }
}
