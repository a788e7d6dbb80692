package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.Target;

/** What was or will be done about an incident, in words. */
final class Remedy {
  private Remedy() {}

  static String action(Target target, int rung) {
    if (rung >= target.repair().size()) {
      return "";
    }
    return target.repair().get(rung).action(target).map(Action::words).orElse("notify");
  }

  static String of(Incident incident, Target target) {
    var repair = incident.repair();
    if (repair == null || incident.resolvedAt() != null) {
      return "";
    }
    var action = action(target, repair.rung());
    return switch (repair.phase()) {
      case Waiting -> action + " waits " + repair.message();
      case Blocked -> action + " is held, " + repair.message();
      case Planned, Executing -> action + " is under way";
      case Verifying -> action + " is done and being verified";
      case Told -> "";
      case AwaitingApproval, Recovered, Exhausted -> repair.message();
    };
  }
}
