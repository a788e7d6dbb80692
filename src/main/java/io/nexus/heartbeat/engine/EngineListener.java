package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.decide.Due;
import io.nexus.heartbeat.reading.Observation;
import java.time.Duration;

/** Who wants to know what the engine does: metrics and logs. Called on its threads; be quick. */
public interface EngineListener {

  /**
   * @param lateness between when the check was due and when it started
   */
  default void checked(
      MonitorKey monitor,
      String target,
      Duration lateness,
      Observation observation,
      Assessment before,
      Assessment after) {}

  /**
   * @param outcome done, refused or failed
   */
  default void acted(MonitorKey monitor, Due due, String outcome, String why) {}

  /** It is tried again; until it succeeds nothing is repaired and nobody is told. */
  default void turnFailed(MonitorKey monitor) {}

  default void statusWritten(MonitorKey monitor) {}

  EngineListener NONE = new EngineListener() {};
}
