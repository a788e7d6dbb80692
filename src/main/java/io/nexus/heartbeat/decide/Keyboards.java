package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Told;
import io.nexus.heartbeat.api.OrderText;
import io.nexus.heartbeat.api.Target;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The buttons under messages: which of them stand, and what pressing one orders. */
public final class Keyboards {
  private Keyboards() {}

  /** What a press is worth. */
  public sealed interface Judged {
    /**
     * It is an order.
     *
     * @param text as if it had been annotated
     */
    record Stands(Incident incident, OrderText text) implements Judged {}

    /** By somebody who may not. */
    record NotAllowed() implements Judged {}

    /**
     * What it was about waits for nobody.
     *
     * @param forGood the buttons will never do anything again
     */
    record NotWaiting(boolean forGood) implements Judged {}

    /** No button of this monitor. */
    record NotOurs() implements Judged {}
  }

  /** A message whose buttons do nothing any more. */
  public record Retired(String receiver, String messageId, Keyboard keyboard) {}

  private record Found(Incident incident, Told told, Keyboard keyboard) {}

  /** The same of what is stored, and of what receivers were told since. */
  public static Judged judged(
      MonitorSpec spec,
      MonitorState state,
      Map<String, List<Told>> news,
      Press press,
      Instant now) {
    return judged(spec, Ledger.told(state.incidents(), news), press, now);
  }

  /** Everything that the button was bound to has to be the same. */
  static Judged judged(MonitorSpec spec, List<Incident> incidents, Press press, Instant now) {
    var found = found(incidents, press);
    if (found.isEmpty()) {
      return new Judged.NotOurs();
    }
    var incident = found.get().incident();
    var keyboard = found.get().keyboard();
    if (!mayPress(spec, found.get().told().receiver(), press.user())) {
      return new Judged.NotAllowed();
    }
    if (incident.resolvedAt() != null || !now.isBefore(keyboard.until())) {
      return new Judged.NotWaiting(true);
    }
    return switch (press.order()) {
      case Approve -> {
        var target = target(spec, incident);
        var step = keyboard.step();
        if (step == null || target.isEmpty()) {
          yield new Judged.NotWaiting(true);
        }
        yield step.equals(Steps.shown(incident, target.get()))
            ? stands(incident, step, press)
            : new Judged.NotWaiting(!step.equals(Steps.pending(incident, target.get())));
      }
      case Ack ->
          keyboard.acknowledges()
              ? stands(incident, incident.target(), press)
              : new Judged.NotWaiting(true);
      case Pause, Resume, Reset, RunNow -> new Judged.NotWaiting(true); // no button says so
    };
  }

  /** Not by way of a text, in which a target called 1 would be a number, and mean all. */
  private static Judged stands(Incident incident, String about, Press press) {
    return new Judged.Stands(
        incident, new OrderText(List.of(about), null, null, OrderText.by("by=" + press.by())));
  }

  private static Optional<Found> found(List<Incident> incidents, Press press) {
    for (var incident : incidents) {
      for (var told : incident.told()) {
        var keyboard = told.keyboard();
        if (keyboard != null && isOf(press, told, keyboard)) {
          return Optional.of(new Found(incident, told, keyboard));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(Press press, Told told, Keyboard keyboard) {
    return keyboard.nonce().equals(press.nonce())
        && keyboard.bot().equals(press.bot())
        && keyboard.chat().equals(press.chat())
        && press.messageId().equals(told.messageId());
  }

  private static boolean mayPress(MonitorSpec spec, String receiver, String user) {
    return spec.alerts().receivers().stream()
        .filter(it -> it.name().equals(receiver))
        .anyMatch(it -> allowed(it).contains(user));
  }

  /** Whose presses count. */
  public static List<String> allowed(Receiver receiver) {
    return receiver.telegram() == null ? List.of() : receiver.telegram().allowedUsers();
  }

  static Incident used(Incident incident, Press press) {
    return without(incident, told -> isUsed(told, press));
  }

  private static boolean isUsed(Told told, Press press) {
    return told.keyboard() != null && told.keyboard().nonce().equals(press.nonce());
  }

  /** Without the buttons that can do nothing any more. */
  static Incident kept(Situation situation, Incident incident) {
    return without(incident, told -> !stands(situation, incident, told));
  }

  private static boolean stands(Situation situation, Incident incident, Told told) {
    var keyboard = told.keyboard();
    if (keyboard == null) {
      return true;
    }
    var somebodyMay =
        situation.spec().alerts().receivers().stream()
            .anyMatch(it -> it.name().equals(told.receiver()) && !allowed(it).isEmpty());
    if (!somebodyMay
        || incident.resolvedAt() != null
        || !situation.now().isBefore(keyboard.until())) {
      return false;
    }
    var step = keyboard.step();
    return step == null
        ? incident.attentionOrNone().acknowledgedBy() == null
        : target(situation.spec(), incident)
            .map(target -> step.equals(Steps.pending(incident, target)))
            .orElse(false);
  }

  private static Optional<Target> target(MonitorSpec spec, Incident incident) {
    return spec.targets().stream().filter(it -> it.name().equals(incident.target())).findFirst();
  }

  private static Incident without(Incident incident, Predicate<Told> gone) {
    return incident.told().stream().anyMatch(told -> told.keyboard() != null && gone.test(told))
        ? incident.withTold(
            incident.told().stream()
                .map(told -> gone.test(told) ? told.withoutKeyboard() : told)
                .toList())
        : incident;
  }

  /** Whose buttons are to be taken away: what had some and has them no more. */
  public static List<Retired> retired(MonitorState before, MonitorState after) {
    var stay = new HashSet<Keyboard>();
    for (var incident : after.incidents()) {
      incident.told().stream().map(Told::keyboard).filter(Objects::nonNull).forEach(stay::add);
    }
    return before.incidents().stream()
        .flatMap(incident -> incident.told().stream())
        .filter(told -> told.keyboard() != null && told.messageId() != null)
        .filter(told -> !stay.contains(told.keyboard()))
        .map(
            told ->
                new Retired(
                    told.receiver(),
                    Objects.requireNonNull(told.messageId()),
                    Objects.requireNonNull(told.keyboard())))
        .toList();
  }
}
