package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.Cleanup;
import io.nexus.heartbeat.cleanup.BadPlan;
import io.nexus.heartbeat.cleanup.Cleaner;
import io.nexus.heartbeat.cleanup.Plan;
import io.nexus.heartbeat.cleanup.Told;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.net.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Deletes old files below a directory of this machine, in this process. */
record DirectoryCleaning(InstantSource clock, Clean declared) implements Work {
  /** It ends by itself, with what it has come to, before it is ended. */
  private static final Duration TO_REPORT = Duration.ofMinutes(1);

  private static final int WHOLE = 0;

  /** As the command has it: some of it is left. */
  private static final int NOT_WHOLE = 1;

  @Override
  public Sight look(Deadline deadline) {
    var root = root();
    var obstacle =
        Files.isDirectory(root)
            ? null
            : Obstacle.lasting("not found", root + " is not there, or is no directory");
    return standing -> standing.found(effect(standing), obstacle, affects());
  }

  @Override
  public Duration timeout() {
    return Clean.DEADLINE.plus(TO_REPORT);
  }

  @Override
  public End run(Map<String, String> occasion, Consumer<ProcessHandle> begun, Deadline deadline) {
    try {
      var plan = Plan.of(declared.cleanup());
      var done =
          new Cleaner(clock).clean(root(), plan, Clean.DEADLINE, false, Cleaner.Listener.NONE);
      return new End(done.isWhole() ? WHOLE : NOT_WHOLE, Told.words(done), List.of());
    } catch (BadPlan | Cleaner.CannotClean e) {
      return new End(null, String.valueOf(e.getMessage()), List.of());
    }
  }

  private Path root() {
    return Path.of(declared.subject().name());
  }

  private String affects() {
    return "deletes old files below "
        + root()
        + ": "
        + declared.cleanup().paths().stream()
            .map(Cleanup.Place::toString)
            .collect(Collectors.joining(", "));
  }

  private static Effect effect(Standing standing) {
    var act = standing.act();
    if (act == null) {
      return new Effect.Complete("nothing was begun");
    }
    if (standing.isUnderWay()) {
      return new Effect.Underway("files are being deleted");
    }
    if (act.isOpen()) {
      return new Effect.Complete(
          "how much was deleted is not known, for Heartbeat ended before; it is not begun again");
    }
    return act.exitCode() == null ? new Effect.Failed(act.how()) : new Effect.Complete(act.how());
  }
}
