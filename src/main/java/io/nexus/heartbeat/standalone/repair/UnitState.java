package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.decide.Facts.Effect;
import io.nexus.heartbeat.decide.Facts.Obstacle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a unit is, as {@code systemctl show} tells it.
 *
 * @see <a
 *     href="https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html">what
 *     they mean</a>
 */
record UnitState(String unit, Map<String, String> properties) {
  static final List<String> ASKED =
      List.of(
          "LoadState",
          "LoadError",
          "ActiveState",
          "SubState",
          "Result",
          "Type",
          "Job",
          "InvocationID",
          "MainPID",
          "ExecMainStatus",
          "RefuseManualStart",
          "RefuseManualStop");

  private static final Set<String> IN_BETWEEN =
      Set.of("activating", "deactivating", "reloading", "refreshing", "maintenance");

  static UnitState of(String unit, String shown) {
    var properties = new HashMap<String, String>();
    shown
        .lines()
        .forEach(
            line -> {
              var equals = line.indexOf('=');
              if (equals > 0) {
                properties.put(line.substring(0, equals), line.substring(equals + 1).strip());
              }
            });
    return new UnitState(unit, Map.copyOf(properties));
  }

  boolean isMissing() {
    return is("LoadState", "not-found");
  }

  /** 0 where there is none. */
  long mainPid() {
    var pid = property("MainPID");
    return pid.matches("[0-9]{1,18}") ? Long.parseLong(pid) : 0;
  }

  /** Another one after each start. */
  String run() {
    return property("InvocationID");
  }

  /**
   * Why it must not be restarted now; null: it may be.
   *
   * @param ourPid of this very process
   */
  @Nullable Obstacle obstacle(long ourPid) {
    return switch (property("LoadState")) {
      case "loaded" -> obstacleOfLoaded(ourPid);
      case "masked" ->
          Obstacle.passing(
              "masked", unit + " is masked, so it must not start: systemctl unmask " + unit);
      case "not-found" -> Obstacle.lasting("not found", "there is no unit " + unit);
      default ->
          Obstacle.lasting(
              "not loaded",
              "%s cannot be loaded (%s): systemctl status %s"
                  .formatted(unit, property("LoadState"), unit));
    };
  }

  private @Nullable Obstacle obstacleOfLoaded(long ourPid) {
    if (is("MainPID", Long.toString(ourPid))) {
      return Obstacle.lasting("itself", unit + " is Heartbeat itself");
    }
    if (is("RefuseManualStart", "yes") || is("RefuseManualStop", "yes")) {
      return Obstacle.lasting("not by hand", unit + " refuses to be started or stopped by hand");
    }
    if (isInBetween()) {
      return Obstacle.passing("being changed by somebody else", words());
    }
    // Between its runs a oneshot is inactive; whatever else is, a failure did not stop.
    return is("ActiveState", "inactive") && !is("Type", "oneshot")
        ? Obstacle.passing(
            "stopped",
            "%s was not stopped by a failure: somebody stopped it, or it was never started. It is not started again: systemctl start %s"
                .formatted(unit, unit))
        : null;
  }

  /**
   * What came of a restart.
   *
   * @param act as far as it is known
   */
  Effect effect(Entry act) {
    var anew = !act.before().isEmpty() && !run().isEmpty() && !run().equals(act.before());
    var failed = act.exitCode() != null && act.exitCode() != 0;
    if (failed && !(anew && is("ActiveState", "active"))) {
      return new Effect.Failed(act.how());
    }
    if (isInBetween()) {
      return new Effect.Underway(words());
    }
    return switch (property("ActiveState")) {
      case "active" -> new Effect.Complete(words() + since(act, anew));
      case "failed" -> new Effect.Failed(words());
      case "inactive" ->
          is("Type", "oneshot")
              ? new Effect.Complete(unit + " came to its end")
              : new Effect.Failed(words() + ", though it was restarted");
      default -> new Effect.Underway(words());
    };
  }

  private String since(Entry act, boolean anew) {
    if (act.exitCode() != null && act.exitCode() == 0) {
      return "";
    }
    var known = act.isOpen() ? "Heartbeat ended before systemctl did" : act.how();
    return "; %s; it was %s".formatted(known, anew ? "started anew" : "not seen to start anew");
  }

  private boolean isInBetween() {
    return IN_BETWEEN.contains(property("ActiveState"))
        || !(property("Job").isEmpty() || is("Job", "0"));
  }

  /** Such as {@code nexus-gateway.service failed (exit-code, status 203)}. */
  String words() {
    var active = property("ActiveState");
    if (active.equals("failed")) {
      var status = property("ExecMainStatus");
      return "%s failed (%s%s)"
          .formatted(
              unit,
              property("Result"),
              status.isEmpty() || status.equals("0") ? "" : ", status " + status);
    }
    var queued =
        property("Job").isEmpty() || is("Job", "0") ? "" : ", with a job of systemd queued";
    return "%s is %s (%s)%s".formatted(unit, active, property("SubState"), queued);
  }

  private boolean is(String name, String value) {
    return property(name).equals(value);
  }

  private String property(String name) {
    return properties.getOrDefault(name, "");
  }
}
