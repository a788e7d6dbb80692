package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one receiver has to be told now about one incident: everything in it that this receiver does
 * not know yet. Telling it again after a crash is the same message, under the same incident id.
 *
 * @param monitor {@code namespace/name}
 * @param receiver the receiver's name in the spec
 * @param incident the incident's full id; {@link #shortId} is for people
 * @param level the incident's level now
 * @param cause in words
 * @param news what happened since the receiver was last told, oldest first, never empty
 * @param remedy what was or will be done about it, in words; empty: nothing
 * @param lastMessageId the channel's id of the message before, to thread or edit
 * @param choices what people may answer
 */
public record Notice(
    String monitor,
    String receiver,
    String incident,
    String target,
    Level level,
    String cause,
    String remedy,
    Instant openedAt,
    @Nullable Instant resolvedAt,
    List<Happening> news,
    @Nullable String lastMessageId,
    Choices choices) {

  /** Told up to here once this was delivered. */
  public int seq() {
    return news.getLast().seq();
  }

  public String shortId() {
    return IncidentId.shortForm(incident);
  }
}
