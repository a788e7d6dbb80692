package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.decide.Facts;
import io.nexus.heartbeat.net.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One kind of act on this machine. Each is a file of its own. */
interface Work {

  /** Looks at its subject, now. */
  Sight look(Deadline deadline) throws InterruptedException;

  /** How long it may take. */
  Duration timeout();

  /**
   * Does it. That it is done was written down before.
   *
   * @param occasion what it is done for, as variables of an environment
   * @param begun to be told of the process that does it, where there is one
   */
  End run(Map<String, String> occasion, Consumer<ProcessHandle> begun, Deadline deadline)
      throws InterruptedException;

  /** What was seen of the subject. */
  interface Sight {
    Facts facts(Standing standing);

    /** What tells it from what it will be; empty where nothing does. */
    default String before() {
      return "";
    }
  }

  /**
   * How it ended.
   *
   * @param exitCode null: its time was over, or it was ended
   * @param output the last lines of what it said
   */
  record End(@Nullable Integer exitCode, String how, List<String> output) {}
}
