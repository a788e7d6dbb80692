package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.PluginJobs;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.Deadline;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Plugins as Jobs of one monitor's namespace.
 *
 * @param uid the monitor's; empty while it is not known
 */
record ClusterPlugins(
    KubernetesClient client, MonitorKey monitor, Supplier<String> uid, InstantSource clock)
    implements PluginJobs {

  /** On a thread of its own, for the client knows no deadline. */
  @Override
  public Ended run(Order order, Deadline deadline) throws NotTold, InterruptedException {
    var owner = uid.get();
    if (owner.isEmpty()) {
      throw new NotTold("the monitor is not known yet; it is looked at again at the next look");
    }
    var job = PluginJob.of(monitor, owner, order, clock.instant());
    var run = new PluginRun(new TargetJobs(client, job), deadline);
    var running = new FutureTask<>(run);
    var thread = Thread.ofVirtual().name("runs " + monitor + " " + job.name()).start(running);
    try {
      return running.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return run.late(deadline.timedOut().getMessage());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotTold told) {
        throw told;
      }
      if (e.getCause() instanceof KubernetesClientException said) {
        throw new NotTold(run.words(said));
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      thread.interrupt();
    }
  }
}
