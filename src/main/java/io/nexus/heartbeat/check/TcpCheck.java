package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;

/** A port that accepts a connection. */
record TcpCheck(String host, int port, Dialer dialer) implements Check {
  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    var begun = System.nanoTime();
    try (var _ = dialer.connect(host, port, deadline)) {
      return new Reading.Up(
          Measurements.NONE.with("latency", (System.nanoTime() - begun) / 1_000_000_000.0));
    } catch (IOException e) {
      return Faults.reading(e);
    }
  }
}
