package io.nexus.heartbeat.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command as somebody types it, in this process. */
final class Typed {
  private Typed() {}

  /**
   * @return its exit code
   */
  static int run(StringWriter out, StringWriter err, String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
