package io.nexus.heartbeat.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The demo: sets the stage, tells the story, and takes everything down again. */
public final class Demo {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Stage stage;
  private final Screen screen;
  private final String log;

  /**
   * @param log where the log is, for when something goes wrong
   */
  public Demo(Stage stage, Screen screen, String log) {
    this.stage = stage;
    this.screen = screen;
    this.log = log;
  }

  /**
   * @param stop counted down when the user wants it to end
   * @param stay after the story, until then
   * @return whether every step was seen
   */
  public boolean play(CountDownLatch stop, boolean stay) throws InterruptedException {
    var messages = new CopyOnWriteArrayList<TelegramStandIn.Message>();
    var start = System.nanoTime();
    screen.note("starting a gateway, PostgreSQL, Redis and a stand-in for Telegram's Bot API …");
    try (var neighbours =
            new Neighbours(
                message -> {
                  messages.add(message);
                  screen.message(message);
                });
        stage) {
      stage.open(neighbours, screen);
      hint();
      new Story(stage, neighbours, messages, screen, PATIENCE).tell();
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
      return true;
    } catch (Story.NotSeen e) {
      screen.failed("This was not seen: " + e.getMessage());
    } catch (Stage.StageFailure | IOException | SQLException e) {
      if (stop.getCount() == 0) { // what an interrupt in the middle of something looks like
        throw new InterruptedException();
      }
      screen.failed(String.valueOf(e.getMessage()));
    }
    screen.note("taken down; the log is " + log);
    return false;
  }

  private void hint() {
    screen.note("look around meanwhile:");
    stage.hints().forEach(hint -> screen.note("  " + hint));
  }
}
