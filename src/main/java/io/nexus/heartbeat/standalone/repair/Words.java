package io.nexus.heartbeat.standalone.repair;

import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.standalone.repair.Work.End;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What programs say, made harmless and short.
 *
 * @param mask takes secrets out of it
 */
record Words(UnaryOperator<String> mask) {
  private static final int MOST_LINES = 10;
  private static final int LONGEST = 300;

  List<String> lines(String said) {
    var lines =
        mask.apply(said)
            .lines()
            .map(line -> Plain.text(line.strip(), LONGEST))
            .filter(line -> !line.isEmpty())
            .toList();
    return lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
  }

  /** How it ended, and the last line of what it said. */
  End end(Programs.Ended ended) {
    var output = lines(ended.last());
    var zero = ended.exitCode() != null && ended.exitCode() == 0;
    var how = zero ? "ended well" : ended.how();
    return new End(
        ended.exitCode(), output.isEmpty() ? how : how + ": " + output.getLast(), output);
  }

  /** It could not be run. */
  End end(Programs.Untold untold) {
    return new End(
        null, Plain.text(mask.apply(String.valueOf(untold.getMessage())), LONGEST), List.of());
  }
}
