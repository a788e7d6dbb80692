package io.nexus.heartbeat.check;

import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.Deadline;
import java.time.Duration;

/** Plugins that run as Jobs of the monitor's namespace, one at a time of each CronJob. */
public interface PluginJobs {

  /**
   * Runs one to its end, or waits for the end of the very run that an earlier process began.
   *
   * @throws NotTold saying why there is no result: what is missing, or what became of it
   */
  Ended run(Order order, Deadline deadline) throws NotTold, InterruptedException;

  /**
   * @param cronJob whose template it is
   * @param interval of the target's timetable, by which a run is told from the next
   */
  record Order(String target, String cronJob, Duration interval) {}

  /**
   * @param message what it left as its termination message, or nothing
   */
  record Ended(int exitCode, String message) {}

  /** Without Kubernetes there are no Jobs. */
  PluginJobs NONE =
      (order, _) -> {
        throw new NotTold(
            "CronJob " + order.cronJob() + ": fromCronJob needs Kubernetes; use a command here");
      };
}
