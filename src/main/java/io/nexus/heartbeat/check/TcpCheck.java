package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.reading.Reading;

record TcpCheck(String host, int port, Dialer dialer) implements Check {
  @Override
  public Reading run(Deadline deadline) {
    return new Reading.Unknown("not built yet");
  }
}
