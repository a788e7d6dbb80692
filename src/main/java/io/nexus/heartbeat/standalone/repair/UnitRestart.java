package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.api.NearestName;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.posix.Programs;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** As {@code systemctl restart} does it. How it went is seen on the unit itself. */
record UnitRestart(Systemctl systemctl, SystemdRestart declared) implements Work {
  /** To stop and to start, systemd gives 90 s each unless a unit says more. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Override
  public Sight look(Deadline deadline) throws InterruptedException {
    var unit = unit();
    try {
      var state = systemctl.show(unit, deadline);
      return new Seen(state, state.isMissing() ? nearest(deadline) : null);
    } catch (Programs.Untold e) {
      return _ -> new Facts.Unreadable(unit + ": " + e.getMessage());
    }
  }

  /** Why it would not be restarted now; null: it would. */
  @Nullable Obstacle obstacle(Deadline deadline) throws InterruptedException, Programs.Untold {
    var state = systemctl.show(unit(), deadline);
    return state.isMissing() ? nearest(deadline) : state.obstacle(ProcessHandle.current().pid());
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public End run(Map<String, String> occasion, Consumer<ProcessHandle> begun, Deadline deadline)
      throws InterruptedException {
    return systemctl.restart(unit(), begun, deadline);
  }

  private String unit() {
    return declared.subject().name();
  }

  private Obstacle nearest(Deadline deadline) throws InterruptedException, Programs.Untold {
    var unit = unit();
    var known = systemctl.units(unit.substring(unit.lastIndexOf('.') + 1), deadline);
    return Obstacle.lasting(
        "not found",
        "there is no unit "
            + unit
            + NearestName.near(unit, known).map(it -> "; did you mean " + it + "?").orElse(""));
  }

  /**
   * @param missing what to say of a unit that is not there; null where it is
   */
  private record Seen(UnitState state, @Nullable Obstacle missing) implements Sight {
    @Override
    public Facts facts(Standing standing) {
      var obstacle = missing == null ? state.obstacle(ProcessHandle.current().pid()) : missing;
      return standing.found(effect(standing), obstacle, "restarts " + state.unit());
    }

    private Effect effect(Standing standing) {
      var act = standing.act();
      if (act == null) {
        return new Effect.Complete("nothing was begun");
      }
      return standing.isUnderWay() ? new Effect.Underway(state.words()) : state.effect(act);
    }

    @Override
    public String before() {
      return state.run();
    }
  }
}
