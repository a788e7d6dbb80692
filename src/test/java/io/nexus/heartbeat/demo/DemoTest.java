package io.nexus.heartbeat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.secret.Mask;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path directory;

  private final StringWriter terminal = new StringWriter();
  private final Screen screen = new Screen(new PrintWriter(terminal), false, 80);

  @Test
  void theStandaloneStoryIsSeenFromBeginningToEnd() throws Exception {
    var demo = new Demo(new HostStage(directory, new Mask()), screen, "log", PATIENCE);
    assertThat(demo.play(new CountDownLatch(1), false)).as(terminal.toString()).isTrue();
    assertThat(terminal.toString())
        .contains("6/6", "restarted Deployment/gateway", "Resolved", "The whole story was seen")
        .doesNotContain("✗");
    assertThat(terminal.toString().lines())
        .as("fits a terminal of 80 columns, but for what is to be copied")
        .filteredOn(line -> !line.contains(directory.toString()))
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void aStageThatCannotBeSetUpIsSaidAndNotASuccess() throws Exception {
    var broken = new HostStage(directory.resolve("not").resolve("there"), new Mask());
    var demo = new Demo(broken, screen, "log", PATIENCE);
    assertThat(demo.play(new CountDownLatch(1), false)).isFalse();
    assertThat(terminal.toString()).contains("✗").contains("The log is log");
  }

  @Test
  void aStepThatWasNotSeenIsNamedAndNotASuccessAndNothingIsLeft() throws Exception {
    var healthyForEver =
        new Spoilt(new HostStage(directory, new Mask())) {
          @Override
          public void hangGateway() {}
        };
    var demo = new Demo(healthyForEver, screen, "log", Duration.ofSeconds(5));
    assertThat(demo.play(new CountDownLatch(1), false)).isFalse();
    assertThat(terminal.toString())
        .contains("✓ all 3 targets are healthy")
        .contains("✗ not seen within 5.0 s: Critical, with the reason.")
        .contains("✗ Step 2/6 was not seen: Critical, with the reason")
        .doesNotContain("3/6  ", "The whole story was seen");
    assertThat(healthyForEver.closed).isTrue();
  }

  @Test
  void whatCouldNotBeTakenDownIsSaidAndNotASuccess() throws Exception {
    var sticky =
        new Spoilt(new HostStage(directory, new Mask())) {
          @Override
          public void close() throws StageFailure {
            super.close();
            throw new StageFailure("namespace x is still there");
          }
        };
    var demo = new Demo(sticky, screen, "log", Duration.ofMillis(1));
    assertThat(demo.play(new CountDownLatch(1), false)).isFalse();
    assertThat(terminal.toString())
        .contains("✗ namespace x is still there", "✗ Step 1/6 was not seen");
  }

  /** A stage on which one thing goes otherwise. */
  private static class Spoilt implements Stage {
    private final Stage stage;
    boolean closed;

    Spoilt(Stage stage) {
      this.stage = stage;
    }

    @Override
    public void open(Neighbours neighbours, Screen screen)
        throws StageFailure, InterruptedException {
      stage.open(neighbours, screen);
    }

    @Override
    public Optional<HeartbeatMonitor> monitor() {
      return stage.monitor();
    }

    @Override
    public void hangGateway() throws StageFailure {
      stage.hangGateway();
    }

    @Override
    public boolean isGatewayNew() {
      return stage.isGatewayNew();
    }

    @Override
    public String honestly() {
      return stage.honestly();
    }

    @Override
    public List<String> hints() {
      return stage.hints();
    }

    @Override
    public void close() throws StageFailure {
      stage.close();
      closed = true;
    }
  }
}
