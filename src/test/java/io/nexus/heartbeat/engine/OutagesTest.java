package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.engine.StatusStore.Unavailable;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");
  private static final Unavailable FORBIDDEN = new Unavailable("forbidden", null);
  private static final MonitorKey TENANTS = new MonitorKey("tenant", "theirs");
  private static final MonitorKey OURS = new MonitorKey("shop", "ours");

  private final Outages outages = new Outages();

  @Test
  void oneMonitorThatFailsForLongIsNoOutageWhileAnothersTurnsSucceed() {
    outages.failed(TENANTS, FORBIDDEN, at(0));
    outages.over(OURS, at(50));
    outages.failed(TENANTS, FORBIDDEN, at(100));

    assertThat(outages.lasting(at(100))).isEmpty();
    assertThat(outages.lasting(at(1000))).as("others' turns are rare").isEmpty();
  }

  @Test
  void nobodysTurnHavingSucceededForAMinuteIsOne() {
    outages.over(OURS, at(0));
    outages.failed(OURS, FORBIDDEN, at(10));

    assertThat(outages.lasting(at(69))).isEmpty();
    assertThat(outages.lasting(at(70)))
        .hasValueSatisfying(why -> assertThat(why).contains("shop/ours"));
  }

  @Test
  void aStoreThatFailsAfterATenantDidIsOne() {
    outages.failed(TENANTS, FORBIDDEN, at(0));
    outages.over(OURS, at(50));
    outages.failed(OURS, FORBIDDEN, at(60));

    assertThat(outages.lasting(at(120)))
        .hasValueSatisfying(why -> assertThat(why).contains("shop/ours", "2"));
  }

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }
}
