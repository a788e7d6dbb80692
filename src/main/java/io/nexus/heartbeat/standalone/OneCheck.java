package io.nexus.heartbeat.standalone;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.PluginTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.check.Check;
import io.nexus.heartbeat.check.Checks;
import io.nexus.heartbeat.check.Place;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/** Looks at every target, all together, and touches nothing. One reading decides. */
public final class OneCheck {
  /** A warm process is answered sooner by whatever is well. */
  private static final Duration COLD = Duration.ofMillis(200);

  private final Surroundings surroundings;
  private final Deadlines deadlines;
  private final InstantSource clock;
  private final UnaryOperator<String> mask;

  /**
   * @param mask takes secrets out of what was found
   */
  public OneCheck(
      Surroundings surroundings,
      Deadlines deadlines,
      InstantSource clock,
      UnaryOperator<String> mask) {
    this.surroundings = surroundings;
    this.deadlines = deadlines;
    this.clock = clock;
    this.mask = mask;
  }

  /**
   * What was found of one target.
   *
   * @param counts false for an optional target that is not there
   */
  public record Finding(String monitor, Target target, Assessment assessment, boolean counts) {
    public Level level() {
      return assessment.levelOrUnknown();
    }
  }

  public List<Finding> of(List<HeartbeatMonitor> monitors) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Finding>>();
      for (var monitor : monitors) {
        for (var target : monitor.getSpec().targets()) {
          if (!monitor.getSpec().isSuspended(target)) {
            Callable<Finding> look = () -> look(monitor.getMetadata(), monitor.getSpec(), target);
            running.add(threads.submit(look));
          }
        }
      }
      var findings = new ArrayList<Finding>();
      for (var one : running) {
        findings.add(one.get());
      }
      return findings;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a check failed in a way it must not", e.getCause());
    }
  }

  /** The worst of those that count; Unknown when none does. */
  public static Level levelOf(List<Finding> findings) {
    return Level.worst(findings.stream().filter(Finding::counts).map(Finding::level).toList());
  }

  private Finding look(ObjectMeta monitor, MonitorSpec spec, Target target)
      throws InterruptedException {
    var check = Checks.of(target, spec, surroundings.at(new Place.Host(monitor.getNamespace())));
    var first = look(check, spec.timeoutOf(target));
    // A process that has just begun loads each kind's driver at its first look, within its timeout.
    // So what took long and was not well is looked at once more, as a running process would; but
    // for
    // a program of somebody else's, which has no driver here and is not run twice in a row.
    var observation =
        first.reading() instanceof Reading.Up
                || first.took().compareTo(COLD) < 0
                || target.kind() instanceof PluginTarget
            ? first
            : look(check, spec.timeoutOf(target));
    var assessment = Assessment.NONE.next(target.decidedByOne(), observation);
    var there = !target.optional() || assessment.levelOrUnknown() == Level.Healthy;
    return new Finding(monitor.getName(), target, assessment, there);
  }

  private Observation look(Check check, Duration timeout) throws InterruptedException {
    var begun = clock.instant();
    var start = System.nanoTime();
    Reading reading;
    try (var deadline = deadlines.start(timeout)) {
      reading = check.run(deadline).withWords(mask);
    }
    return new Observation(begun, Duration.ofNanos(System.nanoTime() - start), reading);
  }
}
