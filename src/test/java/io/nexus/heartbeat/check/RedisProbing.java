package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Duration;

/** One look at several servers, each of whose names is this machine. */
final class RedisProbing {
  static final Duration PATIENCE = Duration.ofSeconds(40);

  private RedisProbing() {}

  static Reading check(Clients clients, String url, Duration within) throws InterruptedException {
    return check(
        clients, new RedisTarget(url, null, null, null), Secrets.NONE, new OpenDialer(), within);
  }

  static Reading check(
      Clients clients, RedisTarget target, Secrets secrets, OpenDialer dialer, Duration within)
      throws InterruptedException {
    var surroundings = new Surroundings(dialer, secrets, Endpoints.NONE, clients);
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(within)) {
      var reading = RedisCheck.of(target, surroundings).run(deadline);
      assertThat(reading.toString()).doesNotContain("Exception");
      return reading;
    }
  }

  static ValueFrom key(String key) {
    return new ValueFrom(new SecretKeyRef("redis", key));
  }

  static String cause(Reading reading) {
    return switch (reading) {
      case Reading.Down(var cause, _) -> "Down: " + cause;
      case Reading.Impaired(var cause, _, _) -> "Impaired: " + cause;
      case Reading.Unknown(var why) -> "Unknown: " + why;
      case Reading.Up _, Reading.Judged _ -> "Up";
    };
  }

  static Measurements measured(Reading reading) {
    return switch (reading) {
      case Reading.Down(_, var measured) -> measured;
      case Reading.Impaired(_, var measured, _) -> measured;
      case Reading.Up(var measured) -> measured;
      case Reading.Unknown _, Reading.Judged _ -> Measurements.NONE;
    };
  }
}
