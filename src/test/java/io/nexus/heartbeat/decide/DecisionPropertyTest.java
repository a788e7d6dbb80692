package io.nexus.heartbeat.decide;

import static io.nexus.heartbeat.decide.World.restart;
import static io.nexus.heartbeat.decide.World.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Recovery.Budget;
import io.nexus.heartbeat.api.Recovery.Mode;
import io.nexus.heartbeat.api.RepairWindow;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever happens in whatever order, the promises that make repair safe hold. */
class DecisionPropertyTest {
  private static final String[] NAMES = {"gateway", "events"};

  /** What may happen next in the world. */
  enum Step {
    UP,
    DOWN,
    /** So that it does not flap. */
    STEADILY_DOWN,
    UNKNOWN,
    OTHER_UP,
    OTHER_DOWN,
    ACT,
    ACT_REFUSED,
    ROLLED_OUT,
    SOMEBODY_ROLLS_OUT,
    OPT_OUT,
    OPT_IN,
    DELIVER,
    A_MINUTE,
    TEN_MINUTES,
    CRASH,
    EDIT,
    DISABLE,
    ENABLE,
    CLOCK_GOES_WRONG,
    ALL_IS_SPENT,
    CIRCUMSTANCES_ARE_GOOD
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.of(Step.class).list().ofMinSize(20).ofMaxSize(200);
  }

  @Property(tries = 500)
  void noActWithoutEveryGateAndNeverMoreThanTheBudget(
      @ForAll("histories") List<Step> history,
      @ForAll @IntRange(min = 1, max = 4) int budget,
      @ForAll @IntRange(min = 1, max = 3) int attempts) {
    var world =
        new World(target("gateway", restart()), target("events", List.of("gateway"), restart()));
    var window = Duration.ofMinutes(30);
    world.recovery =
        new Recovery(
            Mode.Auto,
            new Budget(budget, window),
            Duration.ofMinutes(1),
            attempts,
            List.of(new RepairWindow("most", "0 * * * *", "UTC", Duration.ofMinutes(50))));
    var healthyOnce = new HashSet<String>();
    var done = new LinkedHashMap<String, Instant>();
    var due = List.<Due>of();

    for (var step : history) {
      var results = happen(world, step, due, healthyOnce, done);
      var decision = world.decide(results);
      due = decision.due();

      assertThat(due).as("one act at a time on a workload").hasSizeLessThanOrEqualTo(1);
      for (var each : due) {
        var plan = each.plan();
        assertThat(world.recovery.mode()).isEqualTo(Mode.Auto);
        assertThat(world.circumstances.clock()).isNull();
        assertThat(world.now.atOffset(ZoneOffset.UTC).getMinute()).as("in a window").isLessThan(50);
        assertThat(world.assessments.get(targetOf(world, plan)))
            .as("looked at, and bad")
            .matches(Assessment::looked)
            .matches(known -> !known.flapping())
            .matches(known -> known.level() == Level.Critical);
        assertThat(world.gateway())
            .isInstanceOfSatisfying(
                Facts.Found.class,
                found -> {
                  assertThat(found.release()).isNull();
                  assertThat(found.obstacle()).isNull();
                  assertThat(plan.sequence()).isGreaterThan(found.sequence());
                });
      }
      for (var incident : world.status.state().incidents()) {
        if (incident.repair() != null && incident.repair().plan() != null) {
          assertThat(healthyOnce).as("armed by health").contains(incident.target());
          assertThat(incident.repair().attempts()).isLessThanOrEqualTo(attempts);
        }
        assertThat(incident.story().size()).isLessThanOrEqualTo(MonitorState.LONGEST_STORY);
      }
      assertBudget(done, window, budget);
    }
  }

  @Property(tries = 200)
  void everyIncidentOfWhatIsWellAgainIsOverAndTold(@ForAll("histories") List<Step> history) {
    var world = new World(target("gateway", restart()));
    var due = List.<Due>of();
    for (var step : history) {
      if (step != Step.OTHER_UP && step != Step.OTHER_DOWN) {
        var results = happen(world, step, due, new HashSet<>(), new LinkedHashMap<>());
        due = world.decide(results).due();
      }
    }
    world.rolledOut();
    mode(world, Mode.Auto);
    for (var i = 0; i < 5; i++) {
      world.after(Duration.ofMinutes(1)).up("gateway");
      world.delivered(world.decide());
    }
    world.decide();
    assertThat(world.status.state().incidents()).isEmpty();
    assertThat(world.condition("Healthy")).isEqualTo("True/TargetsHealthy");
  }

  private static Map<String, ActResult> happen(
      World world, Step step, List<Due> due, Set<String> healthyOnce, Map<String, Instant> done) {
    world.after(Duration.ofSeconds(1));
    switch (step) {
      case UP -> up(world, NAMES[0], healthyOnce);
      case DOWN -> world.down(NAMES[0]);
      case STEADILY_DOWN -> {
        for (var i = 0; i < Assessment.MEMORY; i++) {
          world.down(NAMES[0]);
        }
      }
      case UNKNOWN -> world.reads(NAMES[0], new Reading.Unknown("no Secret"));
      case OTHER_UP -> up(world, NAMES[1], healthyOnce);
      case OTHER_DOWN -> world.down(NAMES[1]);
      case ACT -> act(world, due, done);
      case ACT_REFUSED -> {
        if (!due.isEmpty()) {
          return Map.of(due.getFirst().plan().id(), new ActResult.Refused("changed"));
        }
      }
      case ROLLED_OUT -> world.rolledOut();
      case SOMEBODY_ROLLS_OUT -> change(world, true, "rollout in progress");
      case OPT_OUT -> change(world, false, null);
      case OPT_IN -> change(world, true, null);
      case DELIVER -> world.delivered(Decision.of(world.situation(Map.of())));
      case A_MINUTE -> world.after(Duration.ofMinutes(1));
      case TEN_MINUTES -> world.after(Duration.ofMinutes(10));
      case CRASH -> world.restarted();
      case EDIT -> world.edited(world.targets.toArray(Target[]::new));
      case DISABLE -> mode(world, Mode.Disabled);
      case ENABLE -> mode(world, Mode.Auto);
      case CLOCK_GOES_WRONG -> world.circumstances = new Circumstances("10 min ahead", null, null);
      case ALL_IS_SPENT -> world.circumstances = new Circumstances(null, null, "spent");
      case CIRCUMSTANCES_ARE_GOOD -> world.circumstances = Circumstances.GOOD;
    }
    return Map.of();
  }

  private static void mode(World world, Mode mode) {
    var now = world.recovery;
    world.recovery =
        new Recovery(mode, now.budget(), now.cooldown(), now.maxAttempts(), now.windows());
  }

  private static void up(World world, String name, Set<String> healthyOnce) {
    world.up(name);
    healthyOnce.add(name);
  }

  private static String targetOf(World world, Plan plan) {
    return world.status.state().incidents().stream()
        .filter(i -> i.repair() != null && plan.equals(i.repair().plan()))
        .findFirst()
        .orElseThrow()
        .target();
  }

  private static void act(World world, List<Due> due, Map<String, Instant> done) {
    for (var each : due) {
      var plan = each.plan();
      if (world.gateway() instanceof Facts.Found found && found.sequence() < plan.sequence()) {
        done.put(plan.id(), world.now);
        world.gateway(World.found(found.release(), plan.sequence(), plan.id(), "rolling out"));
      }
    }
  }

  private static void change(World world, boolean optedIn, String changing) {
    if (world.gateway() instanceof Facts.Found found) {
      world.gateway(
          World.found(
              optedIn ? null : "kubectl label", found.sequence(), found.lastAction(), changing));
    }
  }

  private static void assertBudget(Map<String, Instant> done, Duration window, int budget) {
    var acts = new ArrayList<>(done.values());
    for (var act : acts) {
      assertThat(acts.stream().filter(a -> !a.isBefore(act) && a.isBefore(act.plus(window))))
          .as("acts in any window")
          .hasSizeLessThanOrEqualTo(budget);
    }
  }
}
