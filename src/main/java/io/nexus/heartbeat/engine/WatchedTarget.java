package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.check.Check;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target on its timetable, on a virtual thread of its own: a check that hangs delays no other.
 * Keeps what is known of the target; {@link #stop} ends it at once.
 */
final class WatchedTarget {
  private static final Logger log = LoggerFactory.getLogger(WatchedTarget.class);

  /** What a check may take beyond its deadline before the engine calls itself unwell. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Schedule schedule;
  private final MonitorKey monitor;
  private final Target target;
  private final Check check;
  private final Duration timeout;
  private final long firstLook;
  private final Timetable timetable;
  private final Thread thread;

  private volatile Assessment assessment;
  private volatile boolean stopped;

  /** When the next check must have ended, or the present one; on the monotonic clock. */
  private volatile long overdueAt;

  /** A check now, whatever the timetable says. */
  private final AtomicBoolean asked = new AtomicBoolean();

  /** A check is made, and what follows on it at once. */
  private volatile boolean looking;

  WatchedTarget(
      Schedule schedule,
      MonitorKey monitor,
      Target target,
      Check check,
      Duration timeout,
      long firstLook,
      Timetable timetable,
      Assessment known) {
    this.schedule = schedule;
    this.monitor = monitor;
    this.target = target;
    this.check = check;
    this.timeout = timeout;
    this.firstLook = firstLook;
    this.timetable = timetable;
    this.assessment = known;
    this.overdueAt = Long.MAX_VALUE;
    this.thread =
        Thread.ofVirtual().name("check " + monitor + " " + target.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Nothing of it is heard again, not even of a check under way. */
  void stop() {
    stopped = true;
    thread.interrupt();
  }

  void askNow() {
    asked.set(true);
    LockSupport.unpark(thread);
  }

  /** A check is made, or was asked for and is not. */
  boolean isLooking() {
    return (asked.get() || looking)
        && !stopped
        && thread.isAlive(); // one that is suspended is not looked at
  }

  /** Its last reading was worse than its level, which another one may confirm. */
  boolean isWorsening() {
    return assessment.isWorsening() && !stopped && thread.isAlive();
  }

  Assessment assessment() {
    return assessment;
  }

  Target target() {
    return target;
  }

  /** A check that was due has not been done in time. */
  boolean isOverdue(long now) {
    return !stopped && overdueAt != Long.MAX_VALUE && now - overdueAt > 0;
  }

  private void run() {
    try {
      var due = firstLook; // soon, and only then on the timetable
      while (!stopped) {
        overdueAt = due + timeout.plus(GRACE).toNanos();
        var moment = parkUntil(due);
        if (!stopped) {
          look(Duration.ofNanos(System.nanoTime() - moment.due()), moment.asked());
          looking = false;
        }
        due = timetable.nextAfter(System.nanoTime());
      }
    } catch (InterruptedException e) {
      log.debug("{} {}: stopped", monitor, target.name());
    }
  }

  /** When a check was due: in its turn, or now when it was asked for. */
  private record Moment(long due, boolean asked) {}

  private Moment parkUntil(long due) throws InterruptedException {
    for (var left = due - System.nanoTime();
        left > 0 && !asked.get();
        left = due - System.nanoTime()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(this, left);
    }
    looking = true; // before the question is taken: there is no moment when it seems answered
    var was = asked.getAndSet(false);
    return new Moment(was ? Math.min(due, System.nanoTime()) : due, was);
  }

  /** Whatever goes wrong in one look, the next is made. */
  private void look(Duration lateness, boolean wasAsked) throws InterruptedException {
    try {
      var begun = schedule.clock().instant();
      var start = System.nanoTime();
      var reading = reading();
      if (stopped) {
        return;
      }
      var took = Duration.ofNanos(System.nanoTime() - start);
      var observation = new Observation(begun, took, reading);
      var before = assessment;
      var after = before.next(target, observation);
      assessment = after;
      schedule.looked(monitor, target, before, after, wasAsked);
      schedule.listener().checked(monitor, target.name(), lateness, observation, before, after);
    } catch (RuntimeException | Error e) {
      log.error("{} {}: a look failed, which is a bug of Heartbeat's", monitor, target.name(), e);
    }
  }

  private Reading reading() throws InterruptedException {
    try (var deadline = schedule.deadlines().start(timeout)) {
      return schedule.masked(check.run(deadline));
    } catch (RuntimeException | Error e) {
      if (stopped) {
        throw new InterruptedException();
      }
      log.error("{} {}: the check itself failed, which is a bug", monitor, target.name(), e);
      return new Reading.Unknown(
          "the check itself failed, which is a bug of Heartbeat's; see its log");
    }
  }
}
