package io.nexus.heartbeat.web;

import io.nexus.heartbeat.net.Plain;

/** Text of others on its way into a label or a line of text. */
final class Shown {
  /** As long as the longest name in Kubernetes. */
  private static final int LONGEST = 253;

  private Shown() {}

  static String text(String text) {
    return Plain.text(text, LONGEST);
  }
}
