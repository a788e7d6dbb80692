package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;

record PostgresCheck(PostgresTarget target, Surroundings surroundings) implements Check {
  static Check of(PostgresTarget target, Surroundings surroundings) {
    return new PostgresCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) {
    return new Reading.Unknown("not built yet");
  }
}
