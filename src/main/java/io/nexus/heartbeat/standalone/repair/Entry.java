package io.nexus.heartbeat.standalone.repair;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.api.Timestamp;
import io.nexus.heartbeat.decide.Due;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One act on this machine, as the journal keeps it.
 *
 * @param id the plan's
 * @param state how far it came, as far as is known
 * @param at when it was begun, or called off
 * @param before what its subject was then; empty where that says nothing
 * @param pid of its program, when that runs
 * @param started when that program was started: another may have its number later
 * @param ended when it ended
 * @param exitCode null: its time was over, or Heartbeat was stopped
 * @param how it ended, in words
 * @param output the last lines of what it said
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Entry(
    String id,
    Subject subject,
    long sequence,
    String monitor,
    String target,
    String action,
    State state,
    @Timestamp Instant at,
    String before,
    @Nullable Long pid,
    @Timestamp @Nullable Instant started,
    @Timestamp @Nullable Instant ended,
    @Nullable Integer exitCode,
    String how,
    List<String> output) {

  enum State {
    Begun,
    Ended,
    CalledOff
  }

  Entry {
    monitor = requireNonNullElse(monitor, "");
    target = requireNonNullElse(target, "");
    action = requireNonNullElse(action, "");
    before = requireNonNullElse(before, "");
    how = requireNonNullElse(how, "");
    output = List.copyOf(requireNonNullElse(output, List.of()));
  }

  static Entry begun(MonitorRef monitor, Due due, String before, Instant at) {
    return of(monitor, due.plan(), due.occasion().target(), State.Begun, before, at);
  }

  static Entry calledOff(MonitorRef monitor, Plan plan, Instant at) {
    return of(monitor, plan, "", State.CalledOff, "", at);
  }

  private static Entry of(
      MonitorRef monitor, Plan plan, String target, State state, String before, Instant at) {
    return new Entry(
        plan.id(),
        plan.subject(),
        plan.sequence(),
        monitor.namespace() + "/" + monitor.name(),
        target,
        plan.action(),
        state,
        at,
        before,
        null,
        null,
        null,
        null,
        "",
        List.of());
  }

  Entry runs(ProcessHandle process) {
    return new Entry(
        id,
        subject,
        sequence,
        monitor,
        target,
        action,
        state,
        at,
        before,
        process.pid(),
        process.info().startInstant().orElse(null),
        ended,
        exitCode,
        how,
        output);
  }

  Entry ended(Work.End end, Instant now) {
    return new Entry(
        id,
        subject,
        sequence,
        monitor,
        target,
        action,
        State.Ended,
        at,
        before,
        null,
        null,
        now,
        end.exitCode(),
        end.how(),
        end.output());
  }

  boolean wasDone() {
    return state != State.CalledOff;
  }

  /** Its end is not known: whoever began it did not come to write it down. */
  boolean isOpen() {
    return state == State.Begun;
  }
}
