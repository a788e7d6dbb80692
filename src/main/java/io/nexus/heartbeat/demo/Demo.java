package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.demo.Stage.StageFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The demo: sets the stage, tells the story, and takes everything down again. */
public final class Demo {
  private final Stage stage;
  private final Screen screen;
  private final String log;
  private final Duration patience;

  /**
   * @param log where the log is, for when something goes wrong
   * @param patience with each thing that is to be seen
   */
  public Demo(Stage stage, Screen screen, String log, Duration patience) {
    this.stage = stage;
    this.screen = screen;
    this.log = log;
    this.patience = patience;
  }

  /**
   * @param stop counted down when the user wants it to end
   * @param stay after the story, until then
   * @return whether every step was seen, and nothing is left behind
   */
  public boolean play(CountDownLatch stop, boolean stay) throws InterruptedException {
    try {
      setUpAndTell(stop, stay);
      return true;
    } catch (InterruptedException e) {
      sayWhatIsLeft(e);
      throw e;
    } catch (Story.NotSeen | StageFailure | IOException | SQLException e) {
      sayWhatIsLeft(e);
      stopped(stop);
      screen.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      sayWhatIsLeft(e);
      stopped(stop);
      throw e;
    }
    screen.note("The log is " + log);
    return false;
  }

  private void setUpAndTell(CountDownLatch stop, boolean stay)
      throws Story.NotSeen, StageFailure, IOException, SQLException, InterruptedException {
    var messages = new CopyOnWriteArrayList<TelegramStandIn.Message>();
    var start = System.nanoTime();
    screen.note("Starting a gateway, PostgreSQL, Redis and a stand-in for Telegram's Bot API");
    try (var neighbours =
            new Neighbours(
                message -> {
                  messages.add(message);
                  screen.message(message);
                });
        stage) {
      stage.open(neighbours, screen);
      screen.note(stage.honestly());
      hint();
      new Story(stage, neighbours, messages, screen, patience).tell();
      screen.note("");
      screen.seen("The whole story was seen", Duration.ofNanos(System.nanoTime() - start));
      if (stay) {
        hint();
        screen.note("It goes on running; Ctrl-C ends it and leaves nothing behind.");
        while (stop.getCount() > 0) {
          stage.monitor().ifPresent(screen::row);
          var _ = stop.await(200, TimeUnit.MILLISECONDS);
        }
      }
    }
  }

  /** What an interrupt in the middle of something looks like. */
  private static void stopped(CountDownLatch stop) throws InterruptedException {
    if (stop.getCount() == 0) {
      throw new InterruptedException();
    }
  }

  /** A stage that could not be taken down after something else had ended the story. */
  private void sayWhatIsLeft(Exception ended) {
    for (var left : ended.getSuppressed()) {
      if (left instanceof StageFailure) {
        screen.failed(String.valueOf(left.getMessage()));
      }
    }
  }

  private void hint() {
    screen.note("Look around meanwhile, in another terminal:");
    stage.hints().forEach(hint -> screen.command("  " + hint));
  }
}
