package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ARung;
import io.nexus.heartbeat.api.JobSource;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairWindow;
import io.nexus.heartbeat.api.Rollback;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.decide.Ordeal.Event;
import io.nexus.heartbeat.decide.Ordeal.Happening;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens in whatever order to whatever ladder, with acts of every kind: nothing is done
 * that may not be, and when nothing more happens everything comes to an end.
 *
 * <p>{@code -Dheartbeat.histories=N} plays N histories of {@value #LENGTH} events each, from {@code
 * -Dheartbeat.seed}; a failure says which seed shows it, and what happened.
 */
class PromisesPropertyTest {
  private static final int LENGTH = 150;
  private static final long HISTORIES = Long.getLong("heartbeat.histories", 500);
  private static final long SEED = Long.getLong("heartbeat.seed", 1);
  private static final int MOST_TURNS_TO_REST = 2_000;
  private static final List<Event> OPENING =
      List.of(
          Event.CIRCUMSTANCES_ARE_GOOD,
          Event.RESUME,
          Event.AUTO,
          Event.OPT_IN,
          Event.READABLE,
          Event.OWNER_ALLOWS,
          Event.UNSUSPENDED,
          Event.HOPEFUL,
          Event.ROLLED_OUT,
          Event.MADE_ANEW,
          Event.APPROVE);
  private static final WorkloadRef DB = new WorkloadRef(Kind.StatefulSet, "db");

  @Test
  void nothingIsDoneThatMayNotBeAndEverythingComesToAnEnd() {
    var acts = 0L;
    for (var seed = SEED; seed < SEED + HISTORIES; seed++) {
      acts += play(seed);
    }
    assertThat(acts).as("acts in all: these are histories of repair").isGreaterThan(HISTORIES / 2);
  }

  static int play(long seed) {
    var random = new Random(seed);
    var ordeal =
        new Ordeal(
            ladders(random), 1 + random.nextInt(2), recovery(random), random.nextInt(4) == 0);
    var happened = new ArrayList<Happening>();
    try {
      for (var i = 0; i < LENGTH; i++) {
        var next = new Happening(event(random), random.nextInt(Ordeal.NAMES.size()));
        happened.add(next);
        ordeal.happens(next);
      }
      rests(ordeal);
      return ordeal.promises.acts();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "-Dheartbeat.seed=%d, after %s of %s: %s"
              .formatted(
                  seed,
                  happened.subList(Math.max(0, happened.size() - 30), happened.size()),
                  ordeal.world.targets.stream().map(t -> t.repair()).toList(),
                  e.getMessage()),
          e);
    }
  }

  /** Time goes on, and everything stays as it is. */
  private static void rests(Ordeal ordeal) {
    var world = ordeal.world;
    for (var turn = 0; turn < MOST_TURNS_TO_REST; turn++) {
      var minute = world.now.plus(Duration.ofMinutes(1));
      var next = Decision.of(world.situation(Map.of())).nextLook();
      world.now = next.isAfter(world.now) && next.isBefore(minute) ? next : minute;
      for (var name : Ordeal.NAMES) {
        ordeal.reads(name, same(world.assessments.getOrDefault(name, Assessment.NONE)));
      }
      ordeal.things.values().forEach(Ordeal::effectCompletes);
      ordeal.turn(Event.NOTHING);
      if (turn > 20 && unrest(ordeal).isEmpty()) {
        return;
      }
    }
    throw new AssertionError("does not come to rest: " + unrest(ordeal));
  }

  private static List<String> unrest(Ordeal ordeal) {
    var raised = ordeal.world.status.state().raised().stream().map(it -> it + " stays raised");
    return Stream.concat(raised, unresting(ordeal)).toList();
  }

  private static Stream<String> unresting(Ordeal ordeal) {
    return ordeal.world.status.state().incidents().stream()
        .filter(it -> it.resolvedAt() == null)
        .filter(it -> ordeal.promises.restsBecause(it).isEmpty())
        .map(it -> it.target() + " " + it.repair() + " at " + ordeal.world.now);
  }

  private static Reading same(Assessment known) {
    var none = Measurements.NONE;
    return switch (known.recent().isEmpty()
        ? 'H'
        : known.recent().charAt(known.recent().length() - 1)) {
      case 'H' -> new Reading.Up(none);
      case 'D' -> new Reading.Impaired("slow", none, known.starting());
      case 'C' -> new Reading.Down("refused", none);
      default -> new Reading.Unknown("no Secret");
    };
  }

  // --- what is drawn

  private static Event event(Random random) {
    // What leads to acts happens more often than what keeps from them.
    return switch (random.nextInt(12)) {
      case 0 -> Event.STEADILY_UP;
      case 1 -> Event.STEADILY_DOWN;
      case 2, 3, 4, 5 -> OPENING.get(random.nextInt(OPENING.size()));
      case 6 -> Event.EFFECT_COMPLETES;
      default -> Event.values()[random.nextInt(Event.values().length)];
    };
  }

  private static Recovery recovery(Random random) {
    var windows =
        random.nextInt(3) > 0
            ? List.<RepairWindow>of()
            : List.of(new RepairWindow("most", "0 * * * *", "UTC", Duration.ofMinutes(40)));
    return new Recovery(
        random.nextInt(4) > 0 ? Mode.Auto : Mode.Approve,
        new Budget(1 + random.nextInt(4), Duration.ofMinutes(30)),
        Duration.ofMinutes(1),
        1 + random.nextInt(3),
        windows);
  }

  private static List<List<Rung>> ladders(Random random) {
    var ladders = new ArrayList<List<Rung>>();
    for (var _ : Ordeal.NAMES) {
      var ladder = new ArrayList<Rung>();
      for (var rungs = random.nextInt(4); rungs > 0 || ladder.isEmpty(); rungs--) {
        ladder.add(rung(random));
      }
      ladders.add(ladder);
    }
    return ladders;
  }

  private static Rung rung(Random random) {
    var rung =
        switch (random.nextInt(8)) {
          case 0 -> ARung.restarting(World.GATEWAY);
          case 1 -> ARung.evicting(World.GATEWAY);
          case 2 -> ARung.of(new Rollback(Kind.Deployment, "gateway", null));
          case 3 -> ARung.of(new Scale(Kind.Deployment, "gateway", 5, Duration.ofMinutes(20)));
          case 4 -> ARung.of(new JobSource("requeue", Duration.ofMinutes(5)));
          case 5 -> ARung.of(new Webhook("http://repairs/now", null, null, null));
          case 6 -> ARung.restarting(DB);
          default -> ARung.telling();
        };
    return rung.at(random.nextInt(3) == 0 ? Level.Degraded : Level.Critical)
        .after(Duration.ofSeconds(random.nextInt(3) == 0 ? 90 : 0))
        .verified(1 + random.nextInt(2), Duration.ofMinutes(3))
        .build();
  }
}
