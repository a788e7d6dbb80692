package io.nexus.heartbeat.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * For the journal, what a command complains of before there is a log: each line as a warning, so
 * that {@code journalctl -p warning} shows why a service does not start. sd-daemon(3): a line may
 * begin with its level.
 */
final class JournalWriter extends FilterWriter {
  private static final String WARNING = "<4>";

  private boolean begins = true;

  JournalWriter(Writer out) {
    super(out);
  }

  @Override
  public void write(int c) throws IOException {
    if (begins && c != '\n') {
      out.write(WARNING);
    }
    out.write(c);
    begins = c == '\n';
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    for (var at = from; at < from + length; at++) {
      write(text[at]);
    }
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    write(text.toCharArray(), from, length);
  }
}
