package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;

record HttpCheck(HttpTarget target, Surroundings surroundings) implements Check {
  static Check of(HttpTarget target, Surroundings surroundings) {
    return new HttpCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) {
    return new Reading.Unknown("not built yet");
  }
}
