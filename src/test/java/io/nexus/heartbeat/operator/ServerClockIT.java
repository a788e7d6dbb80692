package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@WithApiServer
class ServerClockIT {
  private final ApiServer server;

  ServerClockIT(ApiServer server) {
    this.server = server;
  }

  @Test
  void aClockThatIsRightIsBelievedAndOneThatIsSetIsNotThoughItWasRightAMomentAgo()
      throws Exception {
    var error = new AtomicReference<>(Duration.ZERO);
    InstantSource ours = () -> InstantSource.system().instant().plus(error.get());
    try (var operator = server.operator()) {
      var clock = new ServerClock(operator, ours);
      assertThat(clock.trouble()).isEmpty();
      error.set(Duration.ofMinutes(10));
      assertThat(clock.trouble())
          .hasValueSatisfying(
              why ->
                  assertThat(why)
                      .matches(
                          "this machine's clock is (9 min 59 s|10 min|10 min 1 s) ahead of the API"
                              + " server's"));
      error.set(Duration.ofMinutes(-10));
      assertThat(clock.trouble())
          .hasValueSatisfying(why -> assertThat(why).endsWith("behind the API server's"));
      error.set(Duration.ZERO);
      assertThat(clock.trouble()).isEmpty();
    }
  }

  @Test
  void anApiServerThatDoesNotAnswerLeavesItUnknown() throws Exception {
    var config = server.configFor("heartbeat-system", "heartbeat");
    config.setMasterUrl("https://127.0.0.1:1/");
    config.setRequestRetryBackoffLimit(0);
    try (var nobody = io.nexus.heartbeat.operator.ApiServer.connect(config, "test")) {
      var clock = new ServerClock(nobody, InstantSource.system());
      assertThat(clock.trouble())
          .contains(
              "it cannot be compared with the API server's: the API server does not answer"
                  + " https://127.0.0.1:1/version in time");
      assertThat(clock.silence()).isPresent();
    }
  }
}
