package io.nexus.heartbeat.decide;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.nexus.heartbeat.api.Attention.Approval;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.NearestName;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.api.OrderBook;
import io.nexus.heartbeat.api.OrderBook.Handled;
import io.nexus.heartbeat.api.OrderBook.Handled.Outcome;
import io.nexus.heartbeat.api.OrderBook.Pause;
import io.nexus.heartbeat.api.OrderText;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What people order, done once. An order is new while its text is another than the one that was
 * last handled; that it was handled is in the same write as what came of it.
 */
final class Orders {
  private final Situation situation;
  private final Instant now;
  private final List<Incident> incidents;
  private final Set<String> asked = new LinkedHashSet<>();
  private OrderBook book;

  private Orders(Situation situation) {
    var state = situation.prior().state();
    this.situation = situation;
    this.now = situation.now();
    // What has just been sent may have been pressed already.
    this.incidents = new ArrayList<>(Ledger.told(state.incidents(), situation.news()));
    this.book = state.orders();
  }

  /**
   * @param situation as if what was ordered had been stored already
   * @param asked targets to be checked at once
   */
  record Obeyed(Situation situation, Set<String> asked) {}

  /** An order and what it says, or why that is not understood. */
  private record Given(Order order, String value, Instant at) {
    static Given of(Order order, String value, Instant now) {
      try {
        var at = requireNonNullElse(OrderText.parse(order, value).at(), now);
        return new Given(order, value, at.isAfter(now) ? now : at);
      } catch (IllegalArgumentException _) {
        return new Given(order, value, now); // which is said when it is its turn
      }
    }
  }

  /** What came of an order, in words. */
  private record Answer(boolean taken, String words) {}

  /** An order that cannot be obeyed; the message says why. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  /** Orders wait while the monitor cannot be processed; whoever bids farewell takes none. */
  static Obeyed obeyed(Situation given) {
    if (given.notReady() != null || given.spec().targets().isEmpty()) {
      return new Obeyed(given, Set.of());
    }
    var orders = new Orders(given);
    orders.endPause();
    given.orders().entrySet().stream()
        .filter(e -> orders.book.of(e.getKey(), e.getValue()).isEmpty())
        .map(e -> Given.of(e.getKey(), e.getValue(), given.now()))
        .sorted(Comparator.comparing(Given::at).thenComparing(Given::order))
        .forEach(orders::handle);
    given.pressed().presses().forEach(orders::press);
    var prior = given.prior();
    var state = prior.state().withOrders(orders.book, orders.incidents);
    return new Obeyed(given.after(prior.withState(state)), Set.copyOf(orders.asked));
  }

  private void endPause() {
    var pause = book.pause();
    if (pause != null && pause.until() != null && !now.isBefore(pause.until())) {
      book = book.with((Pause) null);
    }
  }

  private void handle(Given given) {
    var order = given.order();
    var answer = answered(() -> answer(given, OrderText.parse(order, given.value())));
    var kept = OrderBook.kept(given.value());
    book = book.with(handled(order, kept, OrderText.by(given.value()), answer));
  }

  /** A button is used up by being pressed, whatever comes of it. */
  private void press(Press press) {
    if (Keyboards.judged(situation.spec(), incidents, press, now)
        instanceof Keyboards.Judged.Stands(var incident, var text)) {
      replace(incident, Keyboards.used(incident, press));
      var answer = answered(() -> answer(new Given(press.order(), "", now), text));
      book = book.withPressed(handled(press.order(), press.nonce(), text.by(), answer));
    }
  }

  /** Something that may be refused. */
  @FunctionalInterface
  private interface Asked {
    Answer answer() throws Refused;
  }

  private static Answer answered(Asked asked) {
    try {
      return asked.answer();
    } catch (Refused | IllegalArgumentException e) {
      return new Answer(false, String.valueOf(e.getMessage()));
    }
  }

  private Handled handled(Order order, String kept, String by, Answer answer) {
    var outcome = answer.taken() ? Outcome.Taken : Outcome.Refused;
    return new Handled(order, kept, now, by, outcome, answer.words());
  }

  private Answer answer(Given given, OrderText text) throws Refused {
    return switch (given.order()) {
      case Pause -> pause(given, text);
      case Resume -> resume();
      case Ack -> acknowledge(text);
      case Reset -> reset(text);
      case RunNow -> runNow(text);
      case Approve -> approve(text);
    };
  }

  /** It ends when it was to end, however late we hear of it. */
  private Answer pause(Given given, OrderText text) throws Refused {
    var until = text.lasting() == null ? null : given.at().plus(text.lasting());
    if (until != null && !now.isBefore(until)) {
      throw new Refused("it was over at " + Words.of(until) + ", before it was seen");
    }
    book = book.with(new Pause(text.by(), now, until));
    return new Answer(
        true,
        "repair is paused "
            + (until == null ? "until somebody resumes it" : "until " + Words.of(until))
            + "; what is being verified goes on");
  }

  private Answer resume() {
    if (book.pause() == null) {
      return new Answer(true, "repair was not paused");
    }
    book = book.with((Pause) null);
    return new Answer(true, "repair may act again");
  }

  private Answer acknowledge(OrderText text) throws Refused {
    var said = new ArrayList<String>();
    for (var incident : open(text)) {
      var before = incident.attentionOrNone().acknowledgedBy();
      var note = "acknowledged by " + text.by();
      replace(
          incident,
          incident
              .withAttention(incident.attentionOrNone().acknowledged(text.by(), now))
              .with(Kind.Acknowledged, incident.level(), now, note));
      said.add(
          incident.target()
              + ": acknowledged"
              + (before == null ? "" : ", as it was by " + before));
    }
    return new Answer(true, String.join("; ", said));
  }

  /** Not while something is in flight: whether that was done must not be forgotten. */
  private Answer reset(OrderText text) throws Refused {
    var said = new ArrayList<String>();
    var taken = false;
    for (var incident : open(text)) {
      var repair = incident.repair();
      if (Incidents.isInFlight(incident)) {
        said.add(
            "%s: not while its repair is under way (%s)"
                .formatted(incident.target(), Objects.requireNonNull(repair).phase()));
      } else if (repair == null
          || (repair.attempts() == 0 && repair.rung() == 0 && isAtStart(repair.phase()))) {
        said.add(incident.target() + ": its repair has done nothing yet");
      } else {
        taken = true;
        said.add(incident.target() + ": its repair begins anew");
        replace(
            incident,
            incident
                .withRepair(null)
                .withAttention(incident.attentionOrNone().reset())
                .with(
                    Kind.Reset,
                    incident.level(),
                    now,
                    "its repair begins anew, by order of " + text.by()));
      }
    }
    return new Answer(taken, String.join("; ", said));
  }

  private static boolean isAtStart(RepairPhase phase) {
    return Set.of(RepairPhase.Waiting, RepairPhase.Blocked, RepairPhase.AwaitingApproval)
        .contains(phase);
  }

  private Answer runNow(OrderText text) throws Refused {
    var named = targets(text);
    for (var target : named) {
      if (situation.spec().isSuspended(target)) {
        throw new Refused(target.name() + " is suspended");
      }
    }
    var chosen =
        named.isEmpty()
            ? situation.spec().targets().stream()
                .filter(Predicate.not(situation.spec()::isSuspended))
                .toList()
            : named;
    if (chosen.isEmpty()) {
      throw new Refused("every target is suspended");
    }
    chosen.forEach(target -> asked.add(target.name()));
    return new Answer(
        true,
        named.isEmpty()
            ? (chosen.size() == 1 ? "1 target is" : chosen.size() + " targets are")
                + " checked at once"
            : chosen.stream().map(Target::name).collect(joining(", ")) + ": checked at once");
  }

  private Answer approve(OrderText text) throws Refused {
    var step = text.words().getFirst();
    var waiting =
        incidents.stream()
            .filter(i -> i.resolvedAt() == null)
            .flatMap(i -> Steps.waiting(situation, i).stream())
            .toList();
    for (var one : waiting) {
      if (one.id().equals(step)) {
        var incident = one.incident();
        replace(
            incident,
            incident.withAttention(
                incident.attentionOrNone().approved(new Approval(step, text.by(), now))));
        return new Answer(true, "%s: %s is approved".formatted(incident.target(), one.action()));
      }
    }
    throw new Refused(
        "no step '%s' waits for approval; %s"
            .formatted(
                step,
                waiting.isEmpty()
                    ? "none does"
                    : "what waits is "
                        + waiting.stream()
                            .map(w -> w.id() + " (" + w.action() + ")")
                            .collect(joining(", "))));
  }

  /** The open incidents of the named targets, or all there are; never none. */
  private List<Incident> open(OrderText text) throws Refused {
    var named = targets(text).stream().map(Target::name).collect(toSet());
    var open = incidents.stream().filter(i -> i.resolvedAt() == null).toList();
    for (var name : text.words()) {
      if (open.stream().noneMatch(i -> i.target().equals(name))) {
        throw new Refused(name + " has no open incident");
      }
    }
    if (open.isEmpty()) {
      throw new Refused("there is no open incident");
    }
    return named.isEmpty() ? open : open.stream().filter(i -> named.contains(i.target())).toList();
  }

  /** One that is misspelt makes nothing of the rest: who wrote it looks at it again. */
  private List<Target> targets(OrderText text) throws Refused {
    var targets = new ArrayList<Target>();
    var known = situation.spec().targets();
    for (var name : text.words()) {
      var target = known.stream().filter(t -> t.name().equals(name)).findFirst();
      if (target.isEmpty()) {
        throw new Refused(
            NearestName.unknown(
                name,
                "there is no target '" + name + "'",
                known.stream().map(Target::name).toList()));
      }
      targets.add(target.get());
    }
    return targets;
  }

  private void replace(Incident before, Incident after) {
    incidents.set(incidents.indexOf(before), after);
  }

  /** Why nothing is repaired, and until when. */
  static String words(Pause pause) {
    return "by %s, %s"
        .formatted(
            pause.by(),
            pause.until() == null
                ? "until somebody resumes it"
                : "until " + Words.of(pause.until()));
  }

  static String column(Pause pause) {
    return "Paused" + (pause.until() == null ? "" : " (until " + Words.of(pause.until()) + ")");
  }

  static String words(Handled handled) {
    return "%s, by %s: %s".formatted(handled.order().word(), handled.by(), handled.message());
  }
}
