package io.nexus.heartbeat.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nexus.heartbeat.act.Actor.Outcome;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorState.PodRef;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Facts.Effect;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of two replicas one is frozen on its way to a write, and thaws when the other has gone on: its
 * stale plan does nothing.
 */
@WithApiServer
class FrozenDeedIT {

  @ParameterizedTest
  @EnumSource(Story.class)
  void whoThawsBeforeItsTicketFindsThatAnotherHasIt(Story story, ApiServer server)
      throws Exception {
    try (var workspace = new Workspace(server, Duration.ZERO);
        var frozen = workspace.frozenAt(1);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var act = story.prepare(workspace);
      var plan = workspace.plan(act.action(), "a1", act.failing());
      Callable<Outcome> late = () -> workspace.perform(frozen.actor(), act.action(), plan);
      var outcome = threads.submit(late);
      await().atMost(Workspace.PATIENCE).until(frozen.wire()::holds);

      // Another called it off, and did it by a plan of its own.
      assertThat(workspace.actor.callOff(workspace.monitor, plan))
          .isInstanceOf(Outcome.Refused.class);
      var then = new Story.Ready(workspace, act.action(), act.failing());
      var own = workspace.plan(act.action(), "a2", act.failing());
      assertThat(workspace.perform(act.action(), own)).isEqualTo(new Outcome.Done());
      await()
          .atMost(Workspace.PATIENCE)
          .until(() -> act.isEnd(workspace.effect(act.action(), own)));

      frozen.wire().letGo();
      assertThat(outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Refused.class);
      story.assertOnce(workspace, then);
    }
  }

  @Test
  void whoThawsBeforeAnEvictionEvictsNoPodThatCameSince(ApiServer server) throws Exception {
    try (var workspace = new Workspace(server);
        var frozen = workspace.frozenAt(2);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var act = Story.Evict.prepare(workspace);
      var plan = workspace.plan(act.action(), "a1", act.failing());
      Callable<Outcome> late = () -> workspace.perform(frozen.actor(), act.action(), plan);
      var outcome = threads.submit(late);
      await().atMost(Workspace.PATIENCE).until(frozen.wire()::holds);

      // Another finishes it, and acts again, on another pod.
      assertThat(workspace.perform(act.action(), plan)).isEqualTo(new Outcome.Done());
      settled(workspace, act, plan);
      var next = workspace.pods().getLast();
      var own = workspace.plan(act.action(), "a2", next);
      assertThat(workspace.perform(act.action(), own)).isEqualTo(new Outcome.Done());
      settled(workspace, act, own);
      var then = workspace.pods();

      frozen.wire().letGo();
      outcome.get(60, TimeUnit.SECONDS);
      assertThat(workspace.pods()).as("as they were").isEqualTo(then);
    }
  }

  private static void settled(Workspace workspace, Story.Ready act, Plan plan) {
    await()
        .atMost(Workspace.PATIENCE)
        .until(() -> workspace.effect(act.action(), plan) instanceof Effect.Complete);
    assertThat(workspace.pods()).extracting(PodRef::name).hasSize(3);
  }
}
