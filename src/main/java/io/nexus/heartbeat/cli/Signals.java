package io.nexus.heartbeat.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Signals of the system; where one cannot be caught, it does what it does by itself. */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  static void on(String name, SignalHandler handler) {
    try {
      Signal.handle(new Signal(name), handler);
    } catch (IllegalArgumentException e) { // not on this system, or java -Xrs
      log.debug("SIG{} is not caught: {}", name, e.getMessage());
    }
  }
}
