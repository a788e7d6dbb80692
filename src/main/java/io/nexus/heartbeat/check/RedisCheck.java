package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;

record RedisCheck(RedisTarget target, Surroundings surroundings) implements Check {
  static Check of(RedisTarget target, Surroundings surroundings) {
    return new RedisCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) {
    return new Reading.Unknown("not built yet");
  }
}
