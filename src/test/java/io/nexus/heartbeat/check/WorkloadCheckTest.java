package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadTarget;
import io.nexus.heartbeat.check.WorkloadStates.PodState;
import io.nexus.heartbeat.check.WorkloadStates.Progress;
import io.nexus.heartbeat.check.WorkloadStates.State;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadCheckTest {
  private static final Progress SETTLED = new Progress.Settled();
  private static final Progress MOVING = new Progress.Moving("rollout in progress: 1 of 3 updated");
  private static final PodState WELL = new PodState("a", true, 2, "", false);
  private static final PodState CRASHING =
      new PodState("b", false, 7, "container x crash-loops", true);
  private static final PodState COMING =
      new PodState("c", false, 0, "container x: ContainerCreating", false);

  @Test
  void allReadyIsHealthyAndRestartsAreCounted() throws Exception {
    var reading = read(new State(2, 2, SETTLED, List.of(WELL, WELL)));
    assertThat(reading).isInstanceOf(Reading.Up.class);
    assertThat(((Reading.Up) reading).measurements().numbers())
        .containsEntry("desired", 2.0)
        .containsEntry("ready", 2.0)
        .containsEntry("restarts", 4.0);
  }

  @Test
  void fewerThanDesiredIsDegradedAndNoneIsCritical() throws Exception {
    assertThat(words(new State(3, 1, SETTLED, List.of(WELL, COMING, CRASHING))))
        .isEqualTo("Impaired: 1 of 3 pods ready: pod b: container x crash-loops");
    assertThat(words(new State(3, 0, SETTLED, List.of(CRASHING, COMING, CRASHING))))
        .isEqualTo(
            "Down: none of 3 pods is ready: pod b: container x crash-loops, and 1 more like it");
    var silent = new PodState("d", false, 0, "", false);
    assertThat(words(new State(1, 0, SETTLED, List.of(silent))))
        .isEqualTo("Down: its only pod is not ready");
  }

  @Test
  void whereThereIsNoPodNoneIsBlamed() throws Exception {
    assertThat(words(new State(2, 0, SETTLED, List.of())))
        .isEqualTo(
            "Down: it has no pod, where 2 should be: are they refused, by a quota or a webhook?");
  }

  @Test
  void aRolloutIsStartingUpUntilAPodSaysThatItIsHopeless() throws Exception {
    assertThat(words(new State(3, 3, MOVING, List.of(WELL))))
        .isEqualTo("Impaired: rollout in progress: 1 of 3 updated, 3 of 3 pods ready");
    var coming = new State(1, 0, MOVING, List.of(COMING));
    assertThat(words(coming))
        .isEqualTo(
            "Impaired: rollout in progress: 1 of 3 updated, 0 of 1 pods ready: pod c: container x:"
                + " ContainerCreating");
    assertThat(((Reading.Impaired) read(coming)).starting()).isTrue();
    assertThat(words(new State(1, 0, MOVING, List.of(CRASHING)))).startsWith("Down: its only pod");
  }

  @Test
  void aStuckRolloutIsCriticalThoughTheOldPodsServe() throws Exception {
    assertThat(words(new State(1, 1, new Progress.Stuck("stuck"), List.of(WELL, CRASHING))))
        .isEqualTo("Down: stuck: pod b: container x crash-loops");
  }

  @Test
  void scaledToZeroIsDegradedAndNotStartingUp() throws Exception {
    var reading = read(new State(0, 0, SETTLED, List.of()));
    assertThat(HttpProbing.words(reading)).isEqualTo("Impaired: scaled to zero: no pod should run");
    assertThat(((Reading.Impaired) reading).starting()).isFalse();
  }

  @Test
  void aPausedOneIsAsWellAsItsPods() throws Exception {
    assertThat(words(new State(1, 1, new Progress.Held("paused"), List.of(WELL))))
        .isEqualTo("Up: paused");
  }

  @Test
  void withoutKubernetesItIsRefusedByName() throws Exception {
    assertThat(HttpProbing.words(read(WorkloadStates.NONE)))
        .isEqualTo(
            "Unknown: Deployment/sweeper: a target of kind workload needs Kubernetes; use http or tcp"
                + " here");
  }

  private static String words(State state) throws InterruptedException {
    return HttpProbing.words(read(state));
  }

  private static Reading read(State state) throws InterruptedException {
    return read((_, _) -> state);
  }

  private static Reading read(WorkloadStates states) throws InterruptedException {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      var target = new WorkloadTarget(WorkloadRef.Kind.Deployment, "sweeper");
      return new WorkloadCheck(target, states).run(deadline);
    }
  }
}
