package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PluginTarget;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;

/**
 * A check that somebody else wrote. Whatever keeps it from saying how well its subject is, that is
 * not the subject's fault.
 */
final class PluginCheck {
  private PluginCheck() {}

  static Check of(
      String target, PluginTarget plugin, Duration interval, Surroundings surroundings) {
    if (!plugin.command().isEmpty()) {
      return surroundings.place() instanceof Place.Host
          ? command(plugin.command(), plugin.named(), surroundings.clients().programs())
          : _ ->
              new Reading.Unknown(
                  "command is for a host only; in a cluster name a CronJob instead");
    }
    if (plugin.fromCronJob() == null) {
      return _ -> new Reading.Unknown("nothing to run: set fromCronJob");
    }
    var order = new PluginJobs.Order(target, plugin.fromCronJob(), interval);
    return job(order, plugin.named(), surroundings.plugins());
  }

  private static Check command(List<String> command, List<String> named, Programs programs) {
    return deadline -> {
      try {
        var said = programs.run(command, deadline);
        return PluginResult.of(said.exitCode(), said.out(), said.err(), named).reading();
      } catch (Programs.Untold e) {
        return new Reading.Unknown(String.valueOf(e.getMessage()));
      }
    };
  }

  private static Check job(PluginJobs.Order order, List<String> named, PluginJobs jobs) {
    return deadline -> {
      try {
        var ended = jobs.run(order, deadline);
        return PluginResult.of(ended.exitCode(), ended.message(), "", named).reading();
      } catch (Endpoints.NotTold e) {
        return new Reading.Unknown(String.valueOf(e.getMessage()));
      }
    };
  }
}
