package io.nexus.heartbeat.standalone.repair;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Clean;
import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.api.JobSource;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.Rollback;
import io.nexus.heartbeat.api.Scale;
import io.nexus.heartbeat.api.Subject;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.api.Webhook;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.standalone.repair.Journal.Unusable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs this machine. An act has a thread of its own, so that no turn waits for it; that it is
 * begun stands in the journal before, and after a crash it is not begun again, for nobody knows how
 * far it came: fresh checks tell whether it helped.
 */
public final class HostActor implements Actor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HostActor.class);
  private static final Duration TO_LOOK = Duration.ofSeconds(5);

  /** What runs at the end is given so long; whoever stops us waits for more than us. */
  private static final Duration LAST_PATIENCE = Duration.ofMillis(1500);

  /** To write down that it was ended. */
  private static final Duration TO_END = Duration.ofSeconds(1);

  private final Actor others;
  private final Journal journal;
  private final Deadlines deadlines = new Deadlines();
  private final Words words;
  private final InstantSource clock;
  private final Programs programs = new Programs();
  private final Systemctl systemctl;
  private final Map<Subject, Thread> running = new HashMap<>();
  private boolean closed;

  /**
   * @param others does what is not done to this machine
   * @param directory where the journal is, which only this process may use
   * @param mask takes secrets out of what programs say
   * @param path where systemctl is searched, as PATH has it
   */
  public HostActor(
      Actor others,
      Path directory,
      ObjectMapper json,
      UnaryOperator<String> mask,
      InstantSource clock,
      String path) {
    this.others = others;
    this.journal = new Journal(directory, json);
    this.words = new Words(mask);
    this.clock = clock;
    this.systemctl = new Systemctl(programs, words, path);
  }

  @Override
  public Facts look(MonitorRef monitor, Look look) {
    var plan = look.plan();
    var work = work(look.action());
    if (work.isEmpty()) {
      return others.look(monitor, look);
    }
    try {
      var sight = sight(work.get());
      return sight.facts(standing(look.action().subject(), plan == null ? "" : plan.id()));
    } catch (Unusable e) {
      return new Facts.Unreadable(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Facts.Unreadable("Heartbeat is being stopped");
    }
  }

  private Work.Sight sight(Work work) throws InterruptedException {
    try (var deadline = deadlines.start(TO_LOOK)) {
      return work.look(deadline);
    }
  }

  private synchronized Standing standing(Subject subject, String plan) throws Unusable {
    return journal.of(subject, plan).runningHere(running.containsKey(subject));
  }

  /** Done, once it is begun for good. */
  @Override
  public Outcome perform(MonitorRef monitor, Due due) throws InterruptedException {
    var plan = due.plan();
    var work = work(due.action());
    if (work.isEmpty()) {
      return others.perform(monitor, due);
    }
    if (!plan.subject().equals(due.action().subject())) {
      return new Outcome.Refused("planned was '%s' on %s".formatted(plan.action(), plan.subject()));
    }
    var sight = sight(work.get());
    var begun = new CompletableFuture<Outcome>();
    // Not on our thread: it may be interrupted, and then what it writes may not reach the disk.
    Thread.ofVirtual()
        .name("act " + plan.id())
        .start(() -> act(monitor, due, work.get(), sight, begun));
    try {
      return begun.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an act failed in a way it must not", e.getCause());
    }
  }

  private void act(
      MonitorRef monitor, Due due, Work work, Work.Sight sight, CompletableFuture<Outcome> begun) {
    try {
      var outcome = begin(monitor, due, sight);
      begun.complete(outcome.orElseGet(Outcome.Done::new));
      if (outcome.isEmpty()) {
        runToItsEnd(monitor, due, work);
      }
    } catch (RuntimeException | Error e) {
      if (!begun.completeExceptionally(e)) {
        log.error("{} failed, which is a bug", due.plan().action(), e);
      }
    }
  }

  /** Empty when it is begun, by us and now. */
  private synchronized Optional<Outcome> begin(MonitorRef monitor, Due due, Work.Sight sight) {
    var plan = due.plan();
    try {
      var standing = standing(plan.subject(), plan.id());
      var said = verdict(plan, standing);
      if (said.isPresent()) {
        return said;
      }
      switch (sight.facts(standing)) {
        case Facts.Found found when found.obstacle() != null -> {
          return refused(found.obstacle().gate() + ": " + found.obstacle().why());
        }
        case Facts.Found _ -> {}
        case Facts.Missing _ -> {
          return refused("there is no " + plan.subject());
        }
        case Facts.Unreadable(var why) -> {
          return Optional.of(new Outcome.Failed(why));
        }
      }
      journal.add(Entry.begun(monitor, due, sight.before(), clock.instant()));
      running.put(plan.subject(), Thread.currentThread());
      return Optional.empty();
    } catch (Unusable e) {
      return Optional.of(new Outcome.Failed(String.valueOf(e.getMessage())));
    }
  }

  private Optional<Outcome> verdict(Plan plan, Standing standing) {
    if (standing.own() != null) {
      return Optional.of(new Outcome.Done());
    }
    if (standing.sequence() >= plan.sequence()) {
      return refused(
          "a later act was done on %s, or this one called off: number %d, and this is number %d"
              .formatted(plan.subject(), standing.sequence(), plan.sequence()));
    }
    if (!clock.instant().isBefore(plan.deadline())) {
      return refused("the plan's time was over at " + plan.deadline());
    }
    return closed
        ? Optional.of(new Outcome.Failed("Heartbeat is being stopped"))
        : Optional.empty();
  }

  private void runToItsEnd(MonitorRef monitor, Due due, Work work) {
    var plan = due.plan();
    var end = new Work.End(null, "was ended, for Heartbeat was stopped", List.of());
    try (var deadline = deadlines.start(work.timeout())) {
      end =
          work.run(
              occasion(monitor, due),
              process -> journal.update(plan.id(), it -> it.runs(process)),
              deadline);
    } catch (InterruptedException _) {
      log.debug("{} was ended", plan.id());
    } finally {
      ended(plan, end);
    }
    log.info("{}: {} (action {})", plan.action(), end.how(), plan.id());
  }

  private void ended(Plan plan, Work.End end) {
    journal.update(plan.id(), it -> it.ended(end, clock.instant()));
    synchronized (this) {
      running.remove(plan.subject());
      notifyAll();
    }
  }

  private static Map<String, String> occasion(MonitorRef monitor, Due due) {
    return Map.of(
        "HEARTBEAT_MONITOR", monitor.namespace() + "/" + monitor.name(),
        "HEARTBEAT_TARGET", due.occasion().target(),
        "HEARTBEAT_LEVEL", due.occasion().level().name(),
        "HEARTBEAT_ACTION_ID", due.plan().id());
  }

  @Override
  public synchronized Outcome callOff(MonitorRef monitor, Plan plan) {
    try {
      var standing = standing(plan.subject(), plan.id());
      if (standing.own() != null) {
        return new Outcome.Done();
      }
      if (standing.sequence() < plan.sequence()) {
        journal.add(Entry.calledOff(monitor, plan, clock.instant()));
      }
      return new Outcome.Refused("called off");
    } catch (Unusable e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    }
  }

  /** Empty for what is not done to this machine. */
  private Optional<Work> work(Action action) {
    return switch (action) {
      case SystemdRestart restart -> Optional.of(new UnitRestart(systemctl, restart));
      case Command command -> Optional.of(new CommandRun(programs, words, command));
      case Clean clean when clean.subject().kind().equals(Clean.DIRECTORY) ->
          Optional.of(new DirectoryCleaning(clock, clean));
      case Action.Restart _, Action.Evict _, Rollback _, Scale _, JobSource _, Webhook _, Clean _ ->
          Optional.empty();
    };
  }

  private static Optional<Outcome> refused(String why) {
    return Optional.of(new Outcome.Refused(why));
  }

  /** Whether anything is being done now. */
  public synchronized boolean isActing() {
    return !running.isEmpty();
  }

  /** Nothing is begun any more; what runs has a little time, then it is ended. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    if (!quietWithin(LAST_PATIENCE)) {
      synchronized (this) {
        running.values().forEach(Thread::interrupt);
      }
      if (!quietWithin(TO_END)) {
        log.warn("what is being done does not end");
      }
    }
    deadlines.close();
  }

  private synchronized boolean quietWithin(Duration patience) {
    var until = System.nanoTime() + patience.toNanos();
    try {
      while (!running.isEmpty()) {
        var left = until - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(left / 1_000_000 + 1);
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
