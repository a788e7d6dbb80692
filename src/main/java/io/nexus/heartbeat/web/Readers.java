package io.nexus.heartbeat.web;

import io.nexus.heartbeat.engine.MonitorKey;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may read what is known of monitors: their messages tell more than their metrics. */
public interface Readers {

  /**
   * @param token without {@code Bearer}
   * @param host what the client thinks it talks to: the Host header
   * @param wanted null: all there are
   * @param known the monitors there are
   */
  record Request(
      @Nullable String token,
      @Nullable String host,
      @Nullable MonitorKey wanted,
      Set<MonitorKey> known) {}

  /** What the reader is told. */
  sealed interface Admission {
    /** Of the monitors asked for those the reader may see. */
    record Granted(Set<MonitorKey> monitors) implements Admission {}

    /** 401: who are you? */
    record WhoAreYou(String words) implements Admission {}

    /** 403. */
    record Denied(String words) implements Admission {}

    /** 503: it cannot be told now. */
    record CannotTell(String words) implements Admission {}
  }

  Admission admit(Request request);

  /** Those of the known ones that were asked for. */
  static Set<MonitorKey> asked(Request request) {
    return Optional.ofNullable(request.wanted()).map(Set::of).orElse(request.known());
  }
}
