package io.nexus.heartbeat.act;

import static io.nexus.heartbeat.act.Workspace.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.Fault;
import io.nexus.heartbeat.cluster.Wire.Misanswer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Found;
import io.nexus.heartbeat.decide.Look;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever does an act dies before or after any of its writes to the API server, and another goes on
 * by what is written: one effect, never two, and nothing is left half done.
 */
@WithApiServer
class DeedCrashIT {
  private static final int AT_ONCE = 6;
  private static final int NO_ANSWER = 0;

  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private record Case(String name, Future<?> end) {
    void awaitEnd() throws InterruptedException {
      try {
        end.get();
      } catch (ExecutionException e) {
        throw new AssertionError(name + ": " + e.getCause().getMessage(), e.getCause());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> oneEffectHoweverWhoeverDoesItDies(ApiServer server) {
    return each(
        (story, write) ->
            Stream.of(Fault.before(write), Fault.after(write))
                .map(
                    fault ->
                        new Case(
                            "%s: dies %s".formatted(story, fault),
                            threads.submit(() -> dies(server, story, fault)))));
  }

  @TestFactory
  Stream<DynamicTest> oneEffectWhateverTheApiServerAnswers(ApiServer server) {
    return each(
        (story, write) ->
            Stream.concat(
                    Stream.of(410, 429).map(status -> new Misanswer(write, status, false)),
                    Stream.of(409, 500, NO_ANSWER)
                        .flatMap(
                            status ->
                                Stream.of(
                                    new Misanswer(write, status, false),
                                    new Misanswer(write, status, true))))
                .map(
                    misanswer ->
                        new Case(
                            story + ": " + misanswer,
                            threads.submit(() -> misled(server, story, misanswer)))));
  }

  private Stream<DynamicTest> each(BiFunction<Story, Integer, Stream<Case>> cases) {
    return Stream.of(Story.values())
        .flatMap(
            story ->
                IntStream.rangeClosed(1, story.writes)
                    .boxed()
                    .flatMap(write -> cases.apply(story, write)))
        .toList()
        .stream()
        .map(it -> DynamicTest.dynamicTest(it.name, it::awaitEnd));
  }

  @ParameterizedTest
  @EnumSource(Story.class)
  void noMoreIsWrittenThanWhatIsTried(Story story, ApiServer server) throws Exception {
    assertThat(lives(server, story, Fault.none())).hasSize(story.writes);
  }

  private static Void dies(ApiServer server, Story story, Fault fault) throws Exception {
    lives(server, story, fault);
    assertThat(fault.isDead()).as("died %s", fault).isTrue();
    return null;
  }

  private static List<String> lives(ApiServer server, Story story, Fault fault) throws Exception {
    try (var workspace = new Workspace(server, Duration.ZERO)) {
      var act = story.prepare(workspace);
      var plan = workspace.plan(act.action(), "a1", act.failing());
      List<String> writes;
      try (var mortal = workspace.mortal(fault)) {
        workspace.perform(mortal.actor(), act.action(), plan);
        writes = List.copyOf(mortal.effects());
      }
      goOn(workspace, workspace.actor, act, plan);
      assertOnce(story, workspace, act, plan);
      return writes;
    }
  }

  /** It lives, and hears something else than what is so. */
  private static Void misled(ApiServer server, Story story, Misanswer misanswer) throws Exception {
    try (var workspace = new Workspace(server, Duration.ZERO)) {
      var act = story.prepare(workspace);
      var plan = workspace.plan(act.action(), "a1", act.failing());
      try (var misled = workspace.misled(misanswer)) {
        goOn(workspace, misled.actor(), act, plan);
      }
      assertOnce(story, workspace, act, plan);
    }
    return null;
  }

  private static void assertOnce(Story story, Workspace workspace, Story.Ready act, Plan plan)
      throws InterruptedException {
    story.assertOnce(workspace, act);
    assertThat(sequence(workspace, act)).as("acts on it").isEqualTo(1);
    // Somebody who has not heard asks again.
    var again = workspace.perform(act.action(), plan);
    assertThat(again).isInstanceOfAny(Outcome.Done.class, Outcome.Refused.class);
    story.assertOnce(workspace, act);
  }

  /** As the ladder does: by what stands in the world, until there is nothing left to do. */
  private static void goOn(Workspace workspace, Actor actor, Story.Ready act, Plan plan) {
    await()
        .atMost(Workspace.PATIENCE)
        .until(
            () -> {
              var look = new Look(act.action(), plan, plan.pods());
              if (!(actor.look(workspace.monitor, look) instanceof Found found)) {
                return false;
              }
              if (!plan.id().equals(found.lastAction())
                  || found.effect() instanceof Effect.Unfinished) {
                workspace.perform(actor, act.action(), plan);
                return false;
              }
              return act.isEnd(found.effect());
            });
  }

  private static long sequence(Workspace workspace, Story.Ready act) {
    var subject = act.action().subject();
    return Long.parseLong(
        workspace.kubectl(
            "get",
            subject.kind(),
            subject.name(),
            "-o",
            "jsonpath={.metadata.annotations.heartbeat\\.nexus\\.io/sequence}"));
  }

  @Test
  void putBackIsDoneOnceHoweverWhoeverDoesItDies(ApiServer server) throws Exception {
    for (var fault : List.of(Fault.before("workload 1"), Fault.after("workload 1"))) {
      try (var workspace = new Workspace(server, Duration.ZERO)) {
        var act = Story.Scale.prepare(workspace);
        workspace.perform(act.action(), workspace.plan(act.action(), "a1"));
        var raised = workspace.raised(GATEWAY);
        try (var mortal = workspace.mortal(fault)) {
          mortal.actor().putBack(workspace.monitor, raised);
        }
        assertThat(fault.isDead()).isTrue();
        workspace.kubectl("get", "deployment", "gateway");
        assertThat(workspace.actor.putBack(workspace.monitor, raised))
            .isEqualTo(new Outcome.Done());
        assertThat(workspace.get("deployment/gateway", "{.spec.replicas}")).isEqualTo("3");

        workspace.kubectl("scale", "deployment", "gateway", "--replicas=5");
        workspace.actor.putBack(workspace.monitor, raised);
        assertThat(workspace.get("deployment/gateway", "{.spec.replicas}"))
            .as("what a person sets later is theirs")
            .isEqualTo("5");
      }
    }
  }
}
