package io.nexus.heartbeat.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.secret.Mask;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir private Path directory;

  private final StringWriter terminal = new StringWriter();
  private final Screen screen = new Screen(new PrintWriter(terminal), false);

  @Test
  @Timeout(180)
  void theStandaloneStoryIsSeenFromBeginningToEnd() throws Exception {
    var demo = new Demo(new HostStage(directory, new Mask()), screen, "log");
    assertThat(demo.play(new CountDownLatch(1), false)).as(terminal.toString()).isTrue();
    assertThat(terminal.toString())
        .contains("6/6", "restarted Deployment/gateway", "Resolved", "The whole story was seen")
        .doesNotContain("✗");
  }

  @Test
  @Timeout(180)
  void aStageThatCannotBeSetUpIsSaidAndNotASuccess() throws Exception {
    var broken = new HostStage(directory.resolve("not").resolve("there"), new Mask());
    var demo = new Demo(broken, screen, "log");
    assertThat(demo.play(new CountDownLatch(1), false)).isFalse();
    assertThat(terminal.toString()).contains("✗").contains("the log is log");
  }
}
