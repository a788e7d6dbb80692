package io.nexus.heartbeat.decide;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.MonitorState.Incident;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Ids of incidents and of the acts in them: 128 bits in hexadecimal. */
public final class IncidentId {
  private IncidentId() {}

  /** What people see of it. */
  public static String shortForm(String id) {
    return id.substring(0, Math.min(4, id.length()));
  }

  /** The same act has the same id in every process; what was begun anew is another. */
  static String ofAct(String uid, Incident incident, int rung, int attempt, long sequence) {
    var resets = incident.attentionOrNone().resets();
    return resets == 0
        ? of(uid, incident.target(), incident.id(), rung, attempt, sequence)
        : of(uid, incident.target(), incident.id(), rung, attempt, sequence, resets);
  }

  /** The same parts make the same id, in every process. */
  static String of(Object... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        digest.update(part.toString().getBytes(UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
