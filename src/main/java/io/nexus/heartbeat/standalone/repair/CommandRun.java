package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.posix.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A program of somebody else's, whose exit code says whether it did what it should. */
record CommandRun(Programs programs, Words words, Command declared) implements Work {
  /** Of one that outlived an earlier process of ours: started when its number was noted. */
  private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

  @Override
  public Sight look(Deadline deadline) {
    var program = Path.of(declared.command().getFirst());
    return standing ->
        standing.found(effect(standing), obstacle(program, standing), "runs " + program);
  }

  @Override
  public Duration timeout() {
    return declared.timeout();
  }

  @Override
  public End run(Map<String, String> occasion, Consumer<ProcessHandle> begun, Deadline deadline)
      throws InterruptedException {
    try {
      var ended = programs.act(declared.command(), occasion, begun, deadline);
      return words.end(ended);
    } catch (Programs.Untold e) {
      return words.end(e);
    }
  }

  private static @Nullable Obstacle obstacle(Path program, Standing standing) {
    var last = standing.last();
    if (last != null && isAlive(last)) {
      return Obstacle.passing(
          "already in repair",
          "%s still runs, as process %d, from before Heartbeat was started"
              .formatted(program, last.pid()));
    }
    return Files.isRegularFile(program)
        ? null
        : Obstacle.lasting("not found", program + " is not there, or is no program");
  }

  private static Effect effect(Standing standing) {
    var act = standing.act();
    if (act == null) {
      return new Effect.Complete("nothing was begun");
    }
    if (standing.isUnderWay()) {
      return new Effect.Underway("it runs");
    }
    if (!act.isOpen()) {
      var zero = act.exitCode() != null && act.exitCode() == 0;
      return zero ? new Effect.Complete(act.how()) : new Effect.Failed(act.how());
    }
    return isAlive(act)
        ? new Effect.Underway("it still runs, as process " + act.pid())
        : new Effect.Complete(
            "whether it came to its end is not known, for Heartbeat ended before; it is not run"
                + " again");
  }

  private static boolean isAlive(Entry entry) {
    return entry.isOpen()
        && entry.pid() != null
        && entry.started() != null
        && ProcessHandle.of(entry.pid())
            .filter(ProcessHandle::isAlive)
            .flatMap(process -> process.info().startInstant())
            .map(started -> Duration.between(started, entry.started()).abs())
            .filter(apart -> apart.compareTo(CLOCK_TICK) < 0)
            .isPresent();
  }
}
