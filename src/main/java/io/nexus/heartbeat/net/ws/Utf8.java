package io.nexus.heartbeat.net.ws;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Whether bytes that come in parts are UTF-8 together. */
final class Utf8 {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer discarded = CharBuffer.allocate(1024);
  private byte[] begun = {};

  /**
   * @param last nothing follows, so that no character may be left unfinished
   */
  boolean accepts(byte[] bytes, int from, int length, boolean last) {
    var in = ByteBuffer.allocate(begun.length + length).put(begun).put(bytes, from, length).flip();
    while (true) {
      var result = decoder.decode(in, discarded.clear(), last);
      if (result.isError()) {
        return false;
      }
      if (result.isUnderflow()) {
        begun = new byte[in.remaining()];
        in.get(begun);
        return true;
      }
    }
  }
}
