package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.Level;

/** What the shell is told. */
final class ExitCode {
  /** As BSD's sysexits(3) has it. */
  static final int USAGE = 64;

  /** Something that must be there is not: a cluster, a CRD, a right. */
  static final int UNAVAILABLE = 69;

  /** A bug. */
  static final int SOFTWARE = 70;

  /** A file that is to be written is there already, or cannot be made. */
  static final int CANNOT_CREATE = 73;

  /** A file says something that cannot be. */
  static final int CONFIG = 78;

  private ExitCode() {}

  /** As monitoring plugins answer (monitoring-plugins.org, guidelines). */
  static int of(Level level) {
    return switch (level) {
      case Healthy -> 0;
      case Degraded -> 1;
      case Critical -> 2;
      case Unknown -> 3;
    };
  }
}
