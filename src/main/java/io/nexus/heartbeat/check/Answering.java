package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Reading;
import java.util.function.Consumer;

/** A check of what gives HTTP answers, which conditions may ask about. */
interface Answering extends Check {

  /**
   * @param answered told each answer that the reading is made of, with its body; on any thread
   */
  Reading run(Deadline deadline, Consumer<Answer> answered) throws InterruptedException;
}
