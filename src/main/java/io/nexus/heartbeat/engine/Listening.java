package io.nexus.heartbeat.engine;

import static java.util.stream.Collectors.toCollection;

import io.nexus.heartbeat.alert.Bot;
import io.nexus.heartbeat.alert.Bot.Polled;
import io.nexus.heartbeat.decide.Press;
import io.nexus.heartbeat.engine.Buttons.Door;
import io.nexus.heartbeat.engine.Claims.Claim;
import io.nexus.heartbeat.engine.Presses.Answered;
import io.nexus.heartbeat.engine.Presses.Ear;
import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import io.nexus.heartbeat.net.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one bot for presses. Telegram keeps an update until a later one is asked for, so what was
 * not stored when this process died is heard again by the next.
 */
final class Listening implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listening.class);

  /** The Bot API answers when something is pressed, or then. */
  private static final Duration WAIT = Duration.ofSeconds(25);

  private static final Duration TO_POLL = WAIT.plusSeconds(10);
  private static final Duration TO_ANSWER = Duration.ofSeconds(10);

  /** A turn is taken, and stored, much sooner. */
  private static final Duration TO_STORE = Duration.ofSeconds(10);

  /** What could not be stored for so long holds up all that was pressed after it. */
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private static final Duration BETWEEN_CLAIMS = Duration.ofSeconds(5);
  private static final Duration UNTIL_ALLOWED = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** Longer than that nobody means it. */
  private static final Duration LONGEST_OBEYED = Duration.ofHours(1);

  /** Whoever listened before us may take a moment to end. */
  private static final int FAILURES_BORNE = 3;

  private static final int MOST_STRANGERS = 1000;
  private static final int MOST_DOUBLINGS = 6;

  private final Presses presses;
  private final Claims claims;
  private final Deadlines deadlines;
  private final Runnable changed;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Handling> open = new ArrayList<>();
  private final Set<String> strangers = new HashSet<>();
  private volatile @Nullable Bot bot;
  private volatile List<Door> doors = List.of();
  private volatile Ear ear = new Ear(false, null);
  private @Nullable Thread thread;
  private @Nullable Long offset;
  private int failures;
  private boolean rival;

  /** One update on its way to being confirmed. */
  private static final class Handling {
    private final Bot.Update update;
    private final long since = System.nanoTime();
    private @Nullable CompletableFuture<Answered> answer;
    private boolean done;

    Handling(Bot.Update update) {
      this.update = update;
    }
  }

  /**
   * @param changed told when something else is heard than before
   */
  Listening(Presses presses, Claims claims, Deadlines deadlines, Runnable changed) {
    this.presses = presses;
    this.claims = claims;
    this.deadlines = deadlines;
    this.changed = changed;
  }

  void is(Bot now, List<Door> whose) {
    bot = now;
    doors = List.copyOf(whose);
  }

  Ear ear() {
    return ear;
  }

  Set<MonitorKey> monitors() {
    return doors.stream().map(Door::monitor).collect(toCollection(LinkedHashSet::new));
  }

  void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("buttons-" + bot().id()).start(this::run);
    }
  }

  private Bot bot() {
    return Objects.requireNonNull(bot, "a bot is listened to");
  }

  private void run() {
    var claim = "telegram-" + bot().id();
    try {
      while (ended.getCount() > 0) {
        switch (claims.claim(claim)) {
          case Claim.Ours() -> listen(claim);
          case Claim.Theirs() -> {
            hears(new Ear(false, null));
            forgetAll(); // whoever has it now is told all of it
            ended.await(BETWEEN_CLAIMS.toMillis(), TimeUnit.MILLISECONDS);
          }
          case Claim.Unknown(var why) -> {
            hears(new Ear(true, why));
            ended.await(UNTIL_ALLOWED.toMillis(), TimeUnit.MILLISECONDS);
          }
        }
      }
    } catch (InterruptedException _) {
      // closed
    } catch (RuntimeException | Error bug) {
      // Without its message, which may hold whatever the bot was working on.
      log.error(
          "Presses are not heard any more, which is a bug: {} at {}",
          bug.getClass().getName(),
          List.of(bug.getStackTrace()));
    } finally {
      var _ = Thread.interrupted(); // nothing is waited for any more, and this is to be said
      claims.release(claim);
    }
  }

  private void listen(String claim) throws InterruptedException {
    // What may be told at once is: whether it works, and what is still to be confirmed.
    var hurry = !open.isEmpty() || !ear.listens() || (failures > 0 && !rival);
    var pause = poll(hurry ? Duration.ZERO : WAIT);
    finish(TO_STORE);
    if (pause.isZero() && !open.isEmpty()) {
      pause = Duration.ofSeconds(1); // they are told again at once
    }
    var until = System.nanoTime() + pause.toNanos();
    for (var left = pause.toMillis(); left > 0; left = (until - System.nanoTime()) / 1_000_000) {
      var isEnd = ended.await(Math.min(left, WAIT.toMillis()), TimeUnit.MILLISECONDS);
      if (isEnd || !(claims.claim(claim) instanceof Claim.Ours)) {
        return;
      }
    }
  }

  boolean lookOnce() throws InterruptedException {
    finish(Duration.ZERO);
    var before = open.size();
    var _ = poll(Duration.ZERO);
    finish(Duration.ZERO);
    return open.size() > before;
  }

  /**
   * @return how long to leave the Bot API alone
   */
  private Duration poll(Duration wait) throws InterruptedException {
    Polled polled;
    try (var deadline = deadlines.start(wait.isZero() ? TO_ANSWER : TO_POLL)) {
      polled = bot().poll(offset, wait, deadline);
    }
    if (Thread.interrupted() || ended.getCount() == 0) {
      throw new InterruptedException(); // what was heard now is heard again
    }
    return switch (polled) {
      case Polled.Updates(var updates) -> {
        if (!rival || !wait.isZero() || !updates.isEmpty()) {
          failures = 0;
          rival = false;
          hears(new Ear(true, null));
        }
        for (var update : updates) {
          if (open.stream().noneMatch(known -> known.update.id() == update.id())) {
            open.add(new Handling(update));
          }
        }
        yield Duration.ZERO;
      }
      case Polled.Failed(var why, var lasting, var somebodyElse, var retryAfter) -> {
        failures++;
        rival = somebodyElse;
        if (lasting || failures >= FAILURES_BORNE) {
          hears(new Ear(true, why));
        }
        yield retryAfter == null ? backOff() : obeyed(retryAfter);
      }
    };
  }

  private Duration backOff() {
    var pause = Duration.ofSeconds(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private static Duration obeyed(Duration retryAfter) {
    return retryAfter.compareTo(LONGEST_OBEYED) < 0 ? retryAfter : LONGEST_OBEYED;
  }

  /** Answers what is stored, and confirms what is answered with all before it. */
  private void finish(Duration patience) throws InterruptedException {
    var until = System.nanoTime() + patience.toNanos();
    for (var handling : open) {
      if (!handling.done) {
        finish(handling, until);
      }
    }
    while (!open.isEmpty() && open.getFirst().done) {
      offset = open.removeFirst().update.id() + 1;
    }
  }

  private void finish(Handling handling, long until) throws InterruptedException {
    var press = handling.update.press();
    if (press == null) {
      log.debug("{} heard of something that is no press of a button of ours", bot());
      handling.done = true;
      return;
    }
    var answer = taken(handling, press);
    if (answer != null) {
      var answered = within(answer, until);
      if (answered != null) {
        say(handling, press, answered);
        return;
      }
    }
    if (System.nanoTime() - handling.since > GIVE_UP.toNanos()) {
      presses.withdraw(press);
      log.warn(
          "{}: a press by telegram:{} could not be stored and is dropped", bot(), press.user());
      say(handling, press, Answered.NOT_TAKEN);
    }
  }

  /** Null: it is not known whose button it is. */
  private @Nullable CompletableFuture<Answered> taken(Handling handling, Press press) {
    if (handling.answer == null) {
      try {
        handling.answer =
            Buttons.allowed(doors).contains(press.user())
                ? presses.take(press, monitors())
                : CompletableFuture.completedFuture(Answered.NOT_ALLOWED);
      } catch (Unavailable e) {
        log.debug("{}: whose button was pressed cannot be told: {}", bot(), e.getMessage());
      }
    }
    return handling.answer;
  }

  private static @Nullable Answered within(CompletableFuture<Answered> answer, long until)
      throws InterruptedException {
    try {
      return answer.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails it", e);
    }
  }

  private void say(Handling handling, Press press, Answered answered) {
    handling.done = true;
    if (!answered.allowed() && strangers.size() < MOST_STRANGERS && strangers.add(press.user())) {
      log.warn(
          "telegram:{} pressed a button under a message of {} and is not among its allowedUsers;"
              + " nothing was done",
          press.user(),
          monitors());
    }
    try (var deadline = deadlines.start(TO_ANSWER)) {
      bot().answer(handling.update.query(), answered.words(), answered.alert(), deadline);
    } catch (IOException e) {
      log.debug("{}: whoever pressed was not answered: {}", bot(), bot().words(e));
    }
    if (answered.over()) {
      try (var deadline = deadlines.start(TO_ANSWER)) {
        bot().removeButtons(press.chat(), press.messageId(), deadline);
      } catch (IOException e) {
        log.debug("{}: the buttons of a message stay: {}", bot(), bot().words(e));
      }
    }
  }

  private void forgetAll() {
    open.stream()
        .map(handling -> handling.update.press())
        .filter(Objects::nonNull)
        .forEach(presses::withdraw);
    open.clear();
    offset = null;
    failures = 0;
    rival = false;
  }

  private void hears(Ear now) {
    var before = ear;
    if (now.equals(before)) {
      return;
    }
    ear = now;
    if (now.trouble() != null) {
      log.warn("buttons for {} do not work: {}", monitors(), now.trouble());
    } else if (before.trouble() != null) {
      log.info("buttons for {} work again", monitors());
    }
    changed.run();
  }

  /** Asks no more; {@link #awaitEnd} knows when that is so. */
  @Override
  public void close() {
    ended.countDown();
    if (thread != null) {
      thread.interrupt();
    }
  }

  void awaitEnd(Duration longest) throws InterruptedException {
    if (thread != null) {
      var _ = thread.join(longest);
    }
  }
}
