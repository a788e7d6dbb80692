package io.nexus.heartbeat.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came by the buttons under a monitor's messages.
 *
 * @param presses not yet known to be stored
 * @param listens this process asks for presses, or tries to
 * @param trouble why presses do not arrive, with what to do; null: they do, or another process asks
 */
public record Pressed(List<Press> presses, boolean listens, @Nullable String trouble) {
  public static final Pressed NONE = new Pressed(List.of(), false, null);
}
