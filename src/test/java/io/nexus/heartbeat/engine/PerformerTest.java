package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.nexus.heartbeat.act.Actor;
import io.nexus.heartbeat.act.MonitorRef;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState;
import io.nexus.heartbeat.api.MonitorState.Incident;
import io.nexus.heartbeat.api.MonitorState.Plan;
import io.nexus.heartbeat.api.MonitorStatus;
import io.nexus.heartbeat.api.OrderBook;
import io.nexus.heartbeat.api.Repair;
import io.nexus.heartbeat.api.RepairPhase;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.check.Surroundings;
import io.nexus.heartbeat.decide.ActResult;
import io.nexus.heartbeat.decide.Allowance;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.decide.Look;
import io.nexus.heartbeat.decide.SharedExpenses;
import io.nexus.heartbeat.standalone.HostHome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An act is done only as long as it stands written, and what failed is not tried in a loop. */
class PerformerTest {
  private static final MonitorKey KEY = new MonitorKey("nexus", "nexus");
  private static final Action ACTION =
      new Action.Restart(new WorkloadRef(WorkloadRef.Kind.Deployment, "gateway"));
  private static final Plan PLAN =
      new Plan(
          "a1",
          1,
          ACTION.words(),
          ACTION.subject(),
          "uid-1",
          Instant.EPOCH,
          Instant.MAX,
          List.of(),
          null);
  private static final Due DUE =
      new Due(PLAN, ACTION, new Due.Occasion("gateway", Level.Critical, "down"));

  private static final Allowance PLENTY = new Allowance(100, Duration.ofHours(1));

  private final AtomicLong nanos = new AtomicLong();
  private final Restarts restarts = new Restarts();
  private SharedExpenses.Shares budget = SharedExpenses.Shares.DEFAULT;
  private HeartbeatMonitor live = monitor(1, RepairPhase.Planned);
  private final Performer performer = performer();

  @Test
  void whatFailedIsTriedAgainButNotAtOnce() throws Exception {
    restarts.outcome = new Actor.Outcome.Failed("the API server answered 500");
    assertThat(perform()).containsValue(new ActResult.NotYet("the API server answered 500"));
    assertThat(performer.isTurnOf(List.of(DUE))).isFalse();
    perform();
    assertThat(restarts.tries).isEqualTo(1);

    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    restarts.outcome = new Actor.Outcome.Done();
    assertThat(perform()).containsValue(new ActResult.Done());
    assertThat(restarts.tries).isEqualTo(2);
  }

  @Test
  void whatFailsForTheSameReasonIsLoggedOnce() throws Exception {
    var logger = (Logger) LoggerFactory.getLogger(Performer.class);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    logger.addAppender(log);
    try {
      for (var why : List.of("no budget", "no budget", "no budget", "the API server is away")) {
        restarts.outcome = new Actor.Outcome.Failed(why);
        perform();
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
      }
    } finally {
      logger.detachAppender(log);
    }
    assertThat(restarts.tries).isEqualTo(4);
    assertThat(log.list).hasSize(2);
  }

  @Test
  void nothingIsDoneThatStandsPlannedNoLonger() throws Exception {
    live = monitor(1, RepairPhase.Blocked);
    assertThat(perform()).isEmpty();
    assertThat(restarts.tries).isZero();
  }

  @Test
  void nothingIsDoneWhenTheDeclarationChangedSince() throws Exception {
    live = monitor(2, RepairPhase.Planned);
    assertThat(perform()).isEmpty();
    assertThat(restarts.tries).isZero();
  }

  @Test
  void nothingIsDoneWhenAPauseWasOrderedSince() throws Exception {
    live.getMetadata().setAnnotations(Map.of("heartbeat.nexus.io/pause", "2h"));
    assertThat(perform()).isEmpty();
    assertThat(restarts.tries).isZero();
  }

  @Test
  void nothingIsDoneThatTheSharedBudgetDoesNotPay() throws Exception {
    budget = new SharedExpenses.Shares(new Allowance(0, Duration.ofHours(1)), PLENTY);
    assertThat(performer().perform(KEY, monitor(1, RepairPhase.Planned), List.of(DUE)))
        .containsValue(
            new ActResult.Refused("shared budget: of the installation, no act is allowed"));
    assertThat(restarts.tries).isZero();
  }

  @Test
  void whatWasAnsweredLosesItsSecretsBeforeAnybodyReadsIt() throws Exception {
    restarts.outcome = new Actor.Outcome.Refused("HTTP 404: no hook /s3cret");
    assertThat(perform()).containsValue(new ActResult.Refused("HTTP 404: no hook /***"));
  }

  @Test
  void whatIsTriedAgainIsPaidOnce() throws Exception {
    budget = new SharedExpenses.Shares(new Allowance(1, Duration.ofHours(1)), PLENTY);
    var paying = performer();
    restarts.outcome = new Actor.Outcome.Failed("the API server answered 500");
    paying.perform(KEY, monitor(1, RepairPhase.Planned), List.of(DUE));
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    restarts.outcome = new Actor.Outcome.Done();
    assertThat(paying.perform(KEY, monitor(1, RepairPhase.Planned), List.of(DUE)))
        .containsValue(new ActResult.Done());
  }

  @Test
  void whatIsGivenUpIsCalledOffBeforeItIsWrittenDown() throws Exception {
    restarts.outcome = new Actor.Outcome.Refused("called off");
    assertThat(callOff(monitor(1, null))).isEmpty();
    assertThat(restarts.calledOff).isEqualTo(1);
    assertThat(callOff(monitor(1, RepairPhase.Planned))).isEmpty();
    assertThat(callOff(monitor(1, RepairPhase.Executing))).isEmpty();
    assertThat(restarts.calledOff).isEqualTo(1);
  }

  @Test
  void whatTurnsOutToBeDoneIsNotGivenUp() throws Exception {
    restarts.outcome = new Actor.Outcome.Done();
    assertThat(callOff(monitor(1, null))).containsEntry("a1", new ActResult.Done());
  }

  @Test
  void nothingIsWrittenDownWhileItCannotBeCalledOff() {
    restarts.outcome = new Actor.Outcome.Failed("the API server answered 500");
    assertThatThrownBy(() -> callOff(monitor(1, null)))
        .isInstanceOf(StatusStore.Unavailable.class)
        .hasMessageContaining("the API server answered 500");
  }

  private Map<String, ActResult> callOff(HeartbeatMonitor next) throws Exception {
    return performer.callOff(KEY, monitor(1, RepairPhase.Planned), next.getStatus());
  }

  private Map<String, ActResult> perform() throws Exception {
    return performer.perform(KEY, monitor(1, RepairPhase.Planned), List.of(DUE));
  }

  private static HeartbeatMonitor monitor(long generation, RepairPhase phase) {
    var repair =
        phase == null
            ? null
            : new Repair(phase, 0, 1, 0, 0, null, null, Instant.EPOCH, "", List.of(), PLAN);
    var incident =
        new Incident(
            "k7f2",
            "gateway",
            Level.Critical,
            "down",
            Instant.EPOCH,
            null,
            repair,
            List.of(),
            List.of(),
            null);
    var monitor = new HeartbeatMonitor();
    monitor.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("nexus")
            .withName("nexus")
            .withUid("uid")
            .withGeneration(generation)
            .build());
    monitor.setStatus(
        new MonitorStatus(
            generation,
            Level.Critical,
            "",
            null,
            null,
            List.of(),
            List.of(),
            List.of(),
            new MonitorState(
                List.of(),
                List.of(),
                List.of(incident),
                List.of(),
                List.of(),
                List.of(),
                OrderBook.NONE)));
    return monitor;
  }

  private Performer performer() {
    var statuses =
        new StatusStore() {
          @Override
          public Optional<HeartbeatMonitor> read(MonitorKey key) {
            return Optional.of(live);
          }

          @Override
          public HeartbeatMonitor write(HeartbeatMonitor decidedOn, MonitorStatus status) {
            throw new AssertionError("a performer writes no status");
          }
        };
    Surroundings none = null;
    var home =
        new HostHome(
            statuses,
            restarts,
            SharedBudget.ofThisProcess(budget, InstantSource.system()),
            none,
            (_, _) -> null);
    return new Performer(
        home, EngineListener.NONE, text -> text.replace("s3cret", "***"), nanos::get);
  }

  private static final class Restarts implements Actor {
    private int tries;
    private int calledOff;
    private Outcome outcome = new Outcome.Done();

    @Override
    public Facts look(MonitorRef monitor, Look look) {
      throw new AssertionError("a performer only acts");
    }

    @Override
    public Outcome perform(MonitorRef monitor, Due due) {
      tries++;
      return outcome;
    }

    @Override
    public Outcome callOff(MonitorRef monitor, Plan plan) {
      calledOff++;
      return outcome;
    }
  }
}
