package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;

/** Looks once at one target. A function: it keeps nothing between two runs. */
public interface Check {

  /** Never throws for what the target does; an interrupt ends it early. */
  Reading run(Deadline deadline) throws InterruptedException;
}
