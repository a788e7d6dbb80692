package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.TargetStatus;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What the demo tells, the same in a cluster and without one. A step counts only when it was seen:
 * in the monitor's status, on the workload, or as a message at the stand-in.
 */
final class Story {
  private static final int STEPS = 6;
  private static final Duration POLL = Duration.ofMillis(50);

  private final Stage stage;
  private final Neighbours neighbours;
  private final List<TelegramStandIn.Message> messages;
  private final Screen screen;
  private final Duration patience;
  private int step;

  /** A step that was not seen. */
  static final class NotSeen extends Exception {
    private static final long serialVersionUID = 1;

    NotSeen(String message) {
      super(message);
    }
  }

  Story(
      Stage stage,
      Neighbours neighbours,
      CopyOnWriteArrayList<TelegramStandIn.Message> messages,
      Screen screen,
      Duration patience) {
    this.stage = stage;
    this.neighbours = neighbours;
    this.messages = messages;
    this.screen = screen;
    this.patience = patience;
  }

  void tell() throws NotSeen, StageFailure, IOException, InterruptedException {
    step("The monitor is applied; everything is checked");
    await(
        "all 3 targets are healthy",
        () -> is(s -> s.level() == Level.Healthy && conditionIsTrue(s)));

    step("The gateway hangs: it accepts connections and is silent");
    stage.hangGateway();
    await(
        "Critical, with the reason",
        () ->
            target(
                "gateway", t -> t.level() == Level.Critical && t.message().contains("timed out")));
    await("people were told", () -> told("gateway", "timed out"));

    step("Heartbeat restarts it");
    await("its pods are new", stage::isGatewayNew);
    await("the repair waits for proof", () -> verifying() || told("gateway", "well again"));

    step("Fresh checks prove that it helped");
    await("all healthy again", () -> is(s -> s.level() == Level.Healthy));
    await(
        "people were told what was done, and that it is over",
        () -> told("gateway", "restarted Deployment/gateway") && told("gateway", "Resolved"));

    step("Redis stops: nothing is set to repair it, so people are told and nothing is touched");
    neighbours.stopRedis();
    await(
        "Critical, with the reason",
        () -> target("redis", t -> t.level() == Level.Critical && t.message().contains("refused")));
    await("people were told", () -> told("redis", "refused"));
    await("nothing else was repaired", () -> is(s -> s.state().acts().size() == 1));

    step("Redis comes back");
    neighbours.startRedis();
    await("all healthy again", () -> is(s -> s.level() == Level.Healthy));
    await("people were told", () -> told("redis", "Resolved"));
  }

  private void step(String title) {
    step++;
    screen.step(step, STEPS, title);
  }

  private void await(String what, BooleanSupplier seen) throws NotSeen, InterruptedException {
    var start = System.nanoTime();
    var end = start + patience.toNanos();
    while (true) {
      stage.monitor().ifPresent(screen::row);
      if (seen.getAsBoolean()) {
        screen.seen(what, Duration.ofNanos(System.nanoTime() - start));
        return;
      }
      if (System.nanoTime() - end > 0) {
        screen.failed(
            "not seen within %.1f s: %s. The monitor says: %s"
                .formatted(
                    patience.toMillis() / 1000.0,
                    what,
                    stage.monitor().map(Story::words).orElse("nothing, it was not seen either")));
        throw new NotSeen("Step %d/%d was not seen: %s".formatted(step, STEPS, what));
      }
      Thread.sleep(POLL);
    }
  }

  private boolean is(Predicate<MonitorStatus> predicate) {
    return stage.monitor().map(HeartbeatMonitor::getStatus).filter(predicate).isPresent();
  }

  private boolean target(String name, Predicate<TargetStatus> predicate) {
    return is(
        status ->
            status.targets().stream().anyMatch(t -> t.name().equals(name) && predicate.test(t)));
  }

  private boolean verifying() {
    return target(
        "gateway", t -> t.repair() != null && t.repair().phase() == RepairPhase.Verifying);
  }

  private boolean told(String target, String words) {
    return messages.stream()
        .anyMatch(m -> m.text().contains("› " + target) && m.text().contains(words));
  }

  private static boolean conditionIsTrue(MonitorStatus status) {
    return status.conditions().stream()
        .anyMatch(c -> c.getType().equals("Healthy") && c.getStatus().equals("True"));
  }

  private static String words(HeartbeatMonitor monitor) {
    return monitor.getStatus() == null
        ? "it has no status yet"
        : monitor.getStatus().level() + ": " + monitor.getStatus().message();
  }
}
