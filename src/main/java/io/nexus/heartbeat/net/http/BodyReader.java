package io.nexus.heartbeat.net.http;

import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ProtocolFailure;
import java.io.IOException;
import java.io.OutputStream;

/** A body up to a cap, however it is framed. */
final class BodyReader {
  private final Answer answer;
  private final int most;
  private final OutputStream into;
  private int passed;

  BodyReader(Answer answer, int most, OutputStream into) {
    this.answer = answer;
    this.most = most;
    this.into = into;
  }

  /** Whether it was cut off. */
  boolean read(boolean chunked, long length) throws IOException {
    if (chunked) {
      return chunks();
    }
    if (length < 0) {
      return toClose();
    }
    var truncated = length > most;
    exactly(Math.min(length, most));
    return truncated;
  }

  private boolean toClose() throws IOException {
    while (passed < most) {
      if (pass(most - passed) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean chunks() throws IOException {
    while (true) {
      var size = size(answer.chunkLine());
      if (size == 0) {
        while (!answer.line().isEmpty()) {
          // Trailers tell us nothing; their bytes count with the head's.
        }
        return false;
      }
      var room = most - passed;
      exactly(Math.min(size, room));
      if (size > room || room == 0) {
        return true;
      }
      if (!answer.chunkLine().isEmpty()) {
        throw new ProtocolFailure("sent a chunk that is longer than it said");
      }
    }
  }

  private void exactly(long length) throws IOException {
    for (var left = length; left > 0; ) {
      var taken = pass((int) left);
      if (taken < 0) {
        throw Answer.brokenOff();
      }
      left -= taken;
    }
  }

  private int pass(int most) throws IOException {
    var taken = answer.take(into, most);
    passed += Math.max(0, taken);
    return taken;
  }

  private static long size(String line) throws ProtocolFailure {
    var semicolon = line.indexOf(';');
    var digits = (semicolon < 0 ? line : line.substring(0, semicolon)).stripTrailing();
    // 15 digits stay positive in a long, and nobody sends an exabyte in a chunk.
    if (digits.isEmpty()
        || digits.length() > 15
        || !digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
      throw new ProtocolFailure("sent a malformed chunk size: " + Plain.text(line, 40));
    }
    return Long.parseLong(digits, 16);
  }
}
