package io.nexus.heartbeat.demo;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.util.List;
import java.util.Optional;

/** Where the story is played: a cluster, or this host without one. */
public interface Stage extends AutoCloseable {

  /** Sets everything up and applies the monitor. */
  void open(Neighbours neighbours, Screen screen) throws StageFailure, InterruptedException;

  /** The monitor as it is now; empty before it was first seen. */
  Optional<HeartbeatMonitor> monitor();

  /** The gateway hangs, until it was restarted. */
  void hangGateway() throws StageFailure;

  /** The gateway's pods are all new, and ready. */
  boolean isGatewayNew();

  /** What of it is not what it seems, for a person who wants to know. */
  String honestly();

  /** How a person may look around while it runs. */
  List<String> hints();

  /**
   * Nothing of it is left.
   *
   * @throws StageFailure something is; the message says what, and how to remove it
   */
  @Override
  void close() throws StageFailure;

  /** The stage cannot be set up, or taken down; the message says why. */
  final class StageFailure extends Exception {
    private static final long serialVersionUID = 1;

    StageFailure(String message) {
      super(message);
    }
  }
}
