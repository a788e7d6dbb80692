package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What only the machine needs, in the same write as what people read.
 *
 * @param acts When this monitor planned acts, for the budget.
 * @param armed Targets that were healthy under the named version of their check.
 * @param incidents Incidents that are open, or of which somebody is still to be told.
 * @param undelivered Receivers that could not be told, until something gets through to them.
 * @param pushes What targets of kind push said of themselves.
 * @param raised Workloads whose replicas were raised and are to be put back.
 * @param orders What people have ordered.
 */
@Wire
public record MonitorState(
    List<Act> acts,
    List<Armed> armed,
    List<Incident> incidents,
    List<Undelivered> undelivered,
    List<Pushed> pushes,
    List<Raised> raised,
    OrderBook orders) {
  /** Happenings kept of one incident, so that a status has a bound. */
  public static final int LONGEST_STORY = 16;

  public static final MonitorState NONE =
      new MonitorState(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), OrderBook.NONE);

  public MonitorState {
    acts = List.copyOf(requireNonNullElse(acts, List.of()));
    armed = List.copyOf(requireNonNullElse(armed, List.of()));
    incidents = List.copyOf(requireNonNullElse(incidents, List.of()));
    undelivered = List.copyOf(requireNonNullElse(undelivered, List.of()));
    pushes = List.copyOf(requireNonNullElse(pushes, List.of()));
    raised = List.copyOf(requireNonNullElse(raised, List.of()));
    orders = requireNonNullElse(orders, OrderBook.NONE);
  }

  /** The same, but for what was heard since. */
  public MonitorState withPushes(List<Pushed> now) {
    return new MonitorState(acts, armed, incidents, undelivered, now, raised, orders);
  }

  /** The same, but for what people ordered since, and what it changed in incidents. */
  public MonitorState withOrders(OrderBook book, List<Incident> changed) {
    return new MonitorState(acts, armed, changed, undelivered, pushes, raised, book);
  }

  /**
   * An act that spent budget.
   *
   * @param target The target it was for.
   * @param subject What it was done to, as Deployment/gateway.
   * @param at When it was planned.
   */
  @Wire
  public record Act(String target, String subject, @Timestamp Instant at) {}

  /**
   * The target was healthy under this version of its check.
   *
   * @param target The target.
   * @param check A hash of the check's fields.
   */
  @Wire
  public record Armed(String target, String check) {}

  /**
   * A workload whose replicas were raised; what they were stands on the workload.
   *
   * @param workload The workload.
   * @param until When they are to be put back.
   */
  @Wire
  public record Raised(WorkloadRef workload, @Timestamp Instant until) {}

  /**
   * What a target of kind push said of itself.
   *
   * @param target The target.
   * @param awaitedSince Since when it is waited for.
   * @param startedAt When it began what has not ended yet.
   * @param endedAt When it last ended.
   * @param well Whether it then ended well.
   * @param exitCode With which exit code, where it said so.
   * @param took How long it took, where it said when it began.
   * @param heardUntil Until when it is known that somebody listened.
   * @param away How long nobody did, since it last ended.
   */
  @Wire
  public record Pushed(
      String target,
      @Timestamp Instant awaitedSince,
      @Timestamp @Nullable Instant startedAt,
      @Timestamp @Nullable Instant endedAt,
      boolean well,
      @Nullable Integer exitCode,
      @GoDurationText @Nullable Duration took,
      @Timestamp Instant heardUntil,
      @GoDurationText Duration away) {
    public Pushed {
      away = requireNonNullElse(away, Duration.ZERO);
    }

    /** When it last said anything; before that, since when it is waited for. */
    public Instant lastHeard() {
      return Stream.of(awaitedSince, startedAt, endedAt)
          .filter(Objects::nonNull)
          .max(Comparator.naturalOrder())
          .orElse(awaitedSince);
    }
  }

  /**
   * An incident, until it is over and everybody was told.
   *
   * @param id Its id, which messages show shortened.
   * @param target The target.
   * @param level How bad it is now.
   * @param cause What was wrong when it opened.
   * @param openedAt When it opened.
   * @param resolvedAt When it was over.
   * @param repair Where its repair stands.
   * @param story What happened in it and may have to be told.
   * @param told What each receiver knows of it.
   * @param attention What people did about it.
   */
  @Wire
  public record Incident(
      String id,
      String target,
      Level level,
      String cause,
      @Timestamp Instant openedAt,
      @Timestamp @Nullable Instant resolvedAt,
      @Nullable Repair repair,
      List<Happening> story,
      List<Told> told,
      @Nullable Attention attention) {

    public Incident {
      cause = Bounded.message(requireNonNullElse(cause, ""));
      story = List.copyOf(requireNonNullElse(story, List.of()));
      told = List.copyOf(requireNonNullElse(told, List.of()));
      attention = Attention.NONE.equals(attention) ? null : attention;
    }

    public Attention attentionOrNone() {
      return requireNonNullElse(attention, Attention.NONE);
    }

    public Incident withAttention(Attention now) {
      return new Incident(id, target, level, cause, openedAt, resolvedAt, repair, story, told, now);
    }

    public Incident withRepair(@Nullable Repair now) {
      return new Incident(
          id, target, level, cause, openedAt, resolvedAt, now, story, told, attention);
    }

    public Incident withTold(List<Told> now) {
      return new Incident(
          id, target, level, cause, openedAt, resolvedAt, repair, story, now, attention);
    }

    /** As bad as it is now, and why. */
    public Incident at(Level now, String why) {
      return new Incident(
          id, target, now, why, openedAt, resolvedAt, repair, story, told, attention);
    }

    public Incident resolved(Instant at) {
      return new Incident(id, target, level, cause, openedAt, at, repair, story, told, attention);
    }

    /** With one happening more; of a long story what people miss least is dropped. */
    public Incident with(Happening.Kind kind, Level then, Instant at, String text) {
      var seq = story.isEmpty() ? 1 : story.getLast().seq() + 1;
      var longer = new ArrayList<>(story);
      longer.add(new Happening(seq, kind, then, at, text));
      if (longer.size() > LONGEST_STORY) {
        longer.remove(leastMissed(longer));
      }
      return new Incident(
          id, target, level, cause, openedAt, resolvedAt, repair, longer, told, attention);
    }

    private static int leastMissed(List<Happening> story) {
      for (var i = 1; i < story.size() - 1; i++) {
        switch (story.get(i).kind()) {
          case Blocked, Improved, Planned -> {
            return i;
          }
          default -> {}
        }
      }
      return 1;
    }
  }

  /**
   * An act, written down before it is done.
   *
   * @param id Derived from monitor, target, incident, rung and attempt: the same plan has the same
   *     id in every process.
   * @param sequence Greater than that of any act its subject had seen.
   * @param action What is done, in words; the spec says how.
   * @param subject What it is done to.
   * @param uid The subject must still be this one; empty where it has none.
   * @param plannedAt When it was planned.
   * @param deadline By when it must be done and verified.
   * @param pods Those that are evicted.
   * @param approvedBy Which person allowed it; absent: nobody had to.
   */
  @Wire
  public record Plan(
      String id,
      long sequence,
      String action,
      Subject subject,
      String uid,
      @Timestamp Instant plannedAt,
      @Timestamp Instant deadline,
      List<PodRef> pods,
      @Nullable String approvedBy) {
    public Plan {
      pods = List.copyOf(requireNonNullElse(pods, List.of()));
    }
  }

  /**
   * A pod.
   *
   * @param name Its name.
   * @param uid Another one under the same name is another.
   */
  @Wire
  public record PodRef(String name, String uid) {}

  /**
   * Something that happened in an incident and may have to be told.
   *
   * @param seq Its number in the incident's story, ascending.
   * @param kind What happened.
   * @param level How bad it was then.
   * @param at When it happened.
   * @param text In words.
   */
  @Wire
  public record Happening(int seq, Kind kind, Level level, @Timestamp Instant at, String text) {
    public Happening {
      text = Bounded.message(requireNonNullElse(text, ""));
    }

    /** What happened. */
    public enum Kind {
      Opened,
      Worsened,
      Improved,
      Blocked,
      AwaitingApproval,
      Planned,
      RepairHelped,
      RepairFailed,
      Exhausted,
      Notify,
      Acknowledged,
      Reset,
      Resolved,
      Unwatched
    }
  }

  /**
   * What a receiver knows of an incident.
   *
   * @param receiver The receiver's name.
   * @param seq The last happening it was told, or was spared.
   * @param messageId The channel's id of the last message.
   * @param keyboard The buttons under that message, while one may be pressed.
   */
  @Wire
  public record Told(
      String receiver, int seq, @Nullable String messageId, @Nullable Keyboard keyboard) {
    public Told withoutKeyboard() {
      return new Told(receiver, seq, messageId, null);
    }
  }

  /**
   * A receiver that could not be told.
   *
   * @param receiver The receiver's name.
   * @param problem Whether the message was given up, or is tried on.
   * @param why In words, with what to mend.
   * @param since Since when.
   */
  @Wire
  public record Undelivered(
      String receiver, Problem problem, String why, @Timestamp Instant since) {
    public Undelivered {
      why = Bounded.message(requireNonNullElse(why, ""));
    }

    /** Whether the message was given up, or is tried on. */
    public enum Problem {
      Refused,
      Retrying
    }
  }
}
