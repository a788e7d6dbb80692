package io.nexus.heartbeat.check;

/** Where the checks of one monitor run. */
public sealed interface Place {
  String namespace();

  /** On the machine that is meant when none is named: its files and programs may be looked at. */
  record Host(String namespace) implements Place {}

  /** In some pod, whose disks and programs nobody means. */
  record Cluster(String namespace) implements Place {}
}
