package io.nexus.heartbeat.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * An operator that dies before or after any of its effects, be it a write to the API server or a
 * message, is followed by another: one restart, never two; nothing forgotten; at most the message
 * in flight repeated, with the same incident id.
 */
@WithApiServer
class CrashIT {
  private static final int AT_ONCE = 6;

  /**
   * Two writes of a status may become one, so that the last of a kind is not in every run. The
   * first of a kind is: a death there that does not come is a failure, at a later one it is said.
   */
  private static final int RUNS = 5;

  private static final int WHOLE_RUNS = 3;

  @TestFactory
  Stream<DynamicTest> oneEffectHoweverTheOperatorDies(ApiServer server) throws Exception {
    var threads = Executors.newFixedThreadPool(AT_ONCE);
    return effects(server, threads).stream()
        .flatMap(effect -> Stream.of(Death.before(effect), Death.after(effect)))
        .map(death -> new Case(death.name, threads.submit(() -> dies(server, death))))
        .toList()
        .stream()
        .map(it -> DynamicTest.dynamicTest(it.name, it::awaitEnd))
        .onClose(threads::shutdownNow);
  }

  /** Those of every run in which nobody dies. */
  private static Set<String> effects(ApiServer server, ExecutorService threads) throws Exception {
    var wholes = Stream.generate(Fault::none).limit(WHOLE_RUNS).toList();
    for (var run : wholes.stream().map(it -> threads.submit(() -> lives(server, it))).toList()) {
      assertThat(run.get()).as("nobody died").isFalse();
    }
    var effects = new LinkedHashSet<>(wholes.getFirst().effects());
    wholes.forEach(whole -> effects.retainAll(whole.effects()));
    assertThat(effects)
        .as("the effects of a whole story")
        .contains("workload 1", "message 1", "message 2", "message 3")
        .contains("Event Opened 1", "Event Planned 1", "Event RepairHelped 1", "Event Resolved 1")
        .contains("status Critical Planned 1", "status Critical Executing 1")
        .anyMatch(effect -> effect.startsWith("status Healthy"));
    return effects;
  }

  private record Death(String name, Supplier<Fault> fault) {
    static Death before(String effect) {
      return new Death("dies before " + effect, () -> Fault.before(effect));
    }

    static Death after(String effect) {
      return new Death("dies after " + effect, () -> Fault.after(effect));
    }

    boolean isAtAFirst() {
      return name.endsWith(" 1");
    }
  }

  private record Case(String name, Future<?> end) {
    void awaitEnd() throws InterruptedException {
      try {
        end.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TestAbortedException aborted) {
          throw aborted;
        }
        throw new AssertionError(name + ": " + e.getCause().getMessage(), e.getCause());
      }
    }
  }

  private static boolean dies(ApiServer server, Death death) throws Exception {
    for (var run = 0; run < RUNS; run++) {
      if (lives(server, death.fault.get())) {
        return true;
      }
    }
    var never = "no run of " + RUNS + " came to what it should die at";
    assertThat(death.isAtAFirst()).as(never).isFalse();
    throw new TestAbortedException(never);
  }

  /** True when the operator died of its fault, and another took over. */
  private static boolean lives(ApiServer server, Fault fault) throws Exception {
    try (var scenario = new Scenario(server)) {
      scenario.released().monitored();
      var repair = OneRepair.of(scenario);
      var mortal = scenario.operator(fault);
      var heirs = new Heirs(scenario, fault, mortal);

      heirs.until(() -> scenario.status().level() == Level.Healthy);
      scenario.gatewayFails();
      heirs.until(repair::isOver);
      heirs.untilSettled();

      repair.assertOnceOnly(fault.isDead() ? 1 : 0);
      return fault.isDead();
    }
  }

  /** Who takes over once the first is dead. */
  private static final class Heirs {
    private final Scenario scenario;
    private final Fault fault;
    private final RunningOperator mortal;
    private boolean tookOver;

    Heirs(Scenario scenario, Fault fault, RunningOperator mortal) {
      this.scenario = scenario;
      this.fault = fault;
      this.mortal = mortal;
    }

    void until(Callable<Boolean> seen) {
      await()
          .atMost(Scenario.PATIENCE)
          .until(
              () -> {
                takeOver();
                return seen.call();
              });
    }

    private void takeOver() {
      if (fault.isDead() && !tookOver) {
        tookOver = true;
        mortal.close();
        scenario.operator();
      }
    }

    /** The last write is seen before its writer is dead; then another has to agree with it. */
    void untilSettled() {
      try {
        await().atMost(Duration.ofSeconds(2)).until(fault::isDead);
      } catch (ConditionTimeoutException _) {
        return; // it has outlived its fault
      }
      until(() -> tookOver);
      var before = scenario.requests();
      until(() -> scenario.requests() >= before + 2);
    }
  }
}
