package io.nexus.heartbeat.net.ws;

import static io.nexus.heartbeat.net.ws.WsPeer.switching;

import io.nexus.heartbeat.net.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What a server that wants to hurt does to a WebSocket client. */
public final class HostileSockets {
  private HostileSockets() {}

  /** Each with what is told of it. */
  public static Stream<Arguments> all() {
    var told = new LinkedHashMap<String, String>();
    var scripts = new LinkedHashMap<String, WsPeer.Script>();
    class Named {
      void is(String name, String words, WsPeer.Script script) {
        told.put(name, words);
        scripts.put(name, script);
      }
    }
    var each = new Named();
    each.is("mute", "timed out", WsPeer::silent);
    each.is("closes at once", "closed the connection without an answer", _ -> {});
    each.is("garbage", "not HTTP", peer -> peer.raw("\u0000\u00ff\u0016\u0003garbage"));
    each.is(
        "a wrong key",
        "answered the WebSocket handshake with a wrong key",
        peer -> peer.raw(switching(WsPeer.acceptOf("other")) + "\r\n").text("connected").silent());
    each.is(
        "no key",
        "switches to another protocol than WebSocket",
        peer -> peer.raw("HTTP/1.1 101 Switching Protocols\r\n\r\n").silent());
    each.is(
        "another protocol",
        "switches to another protocol than WebSocket",
        peer -> peer.raw("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n").silent());
    each.is(
        "an extension",
        "uses a WebSocket extension that was not asked for",
        peer -> peer.opens("Sec-WebSocket-Extensions: permessage-deflate\r\n").silent());
    each.is(
        "HTTP after the switch",
        "sent what is no WebSocket frame",
        peer -> peer.opens().raw("HTTP/1.1 200 OK\r\n\r\n").silent());
    each.is(
        "reserved bits",
        "sent what is no WebSocket frame",
        peer -> peer.opens().frame(0xc1, new byte[1]).silent());
    each.is(
        "a masked frame", "masked a frame", peer -> peer.opens().raw("\u0081\u0081aaaax").silent());
    each.is(
        "an unknown kind of frame",
        "sent a frame of unknown kind 3",
        peer -> peer.opens().frame(0x83, new byte[1]).silent());
    each.is(
        "a long ping",
        "sent a control frame that is too long or in parts",
        peer -> peer.opens().frame(0x89, new byte[126]).silent());
    each.is(
        "a ping in parts",
        "sent a control frame that is too long or in parts",
        peer -> peer.opens().frame(0x09, new byte[1]).silent());
    each.is(
        "a length in more octets than it needs",
        "sent a malformed frame length",
        peer -> peer.opens().raw("\u0081\u007e\u0000\u0005hello").silent());
    each.is(
        "a negative length",
        "sent a malformed frame length",
        peer -> peer.opens().raw("\u0081\u007f" + "\u00ff".repeat(8)).silent());
    each.is(
        "an announced gigabyte",
        "announced a frame of 1073741824 bytes; Heartbeat reads at most 16 MiB in one check",
        peer -> peer.opens().raw("\u0081\u007f\0\0\0\0\u0040\0\0\0").silent());
    each.is(
        "no UTF-8",
        "sent a text message that is not UTF-8",
        peer -> peer.opens().frame(0x81, new byte[] {(byte) 0xc3, 0x28}).silent());
    each.is(
        "half a character",
        "sent a text message that is not UTF-8",
        peer -> peer.opens().frame(0x81, new byte[] {(byte) 0xc3}).silent());
    each.is(
        "no UTF-8 far beyond what is kept",
        "sent a text message that is not UTF-8",
        peer -> {
          peer.opens().frame(0x01, "x".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
          peer.frame(0x80, new byte[] {(byte) 0xff}).silent();
        });
    each.is(
        "a continuation of nothing",
        "sent the parts of a message out of order",
        peer -> peer.opens().frame(0x80, new byte[1]).silent());
    each.is(
        "a message in a message",
        "sent the parts of a message out of order",
        peer -> peer.opens().frame(0x01, new byte[1]).frame(0x81, new byte[1]).silent());
    each.is(
        "half a frame",
        "closed the connection in the middle of a frame",
        peer -> peer.opens().raw("\u0081\u0009conn"));
    each.is(
        "gone after the handshake",
        "closed the connection without a close frame",
        peer -> peer.opens());
    each.is(
        "a close of one byte",
        "sent a malformed close frame",
        peer -> peer.opens().frame(0x88, new byte[1]).silent());
    each.is(
        "a close reason that is no UTF-8",
        "sent a close reason that is not UTF-8",
        peer -> peer.opens().frame(0x88, new byte[] {3, (byte) 0xe9, (byte) 0xff}).silent());
    each.is(
        "endless empty fragments",
        "sent more than 10000 frames",
        peer -> {
          peer.opens().frame(0x01, new byte[0]);
          while (true) {
            peer.raw("\0\0".repeat(4000));
          }
        });
    each.is(
        "endless fragments",
        "announced a frame of 65536 bytes; Heartbeat reads at most 16 MiB in one check",
        peer -> {
          peer.opens().frame(0x01, new byte[0]);
          while (true) {
            peer.frame(0x00, new byte[65536]);
          }
        });
    each.is(
        "endless pings",
        "sent more than 10000 frames",
        peer -> {
          // Read, or both would wait for the other.
          Thread.ofVirtual().start(() -> quietly(peer));
          peer.opens();
          while (true) {
            peer.raw("\u0089\0".repeat(1000));
          }
        });
    each.is(
        "endless header",
        "sent headers of more than 32 KiB",
        peer -> {
          peer.raw("HTTP/1.1 101 Switching Protocols\r\nX: ");
          while (true) {
            peer.raw("x".repeat(8192));
          }
        });
    each.is(
        "a byte now and then",
        "timed out",
        peer -> {
          peer.opens().raw("\u0081\u007e\u000f\u00ff");
          ScriptedServer.drip(peer.socket(), "x", 100);
        });
    each.is(
        "a fragment now and then",
        "timed out",
        peer -> {
          peer.opens().frame(0x01, new byte[0]);
          ScriptedServer.drip(peer.socket(), "\0\u0001x", 100);
        });
    each.is(
        "a pong now and then",
        "timed out",
        peer -> {
          peer.opens();
          ScriptedServer.drip(peer.socket(), "\u008a\0", 100);
        });
    return scripts.entrySet().stream()
        .map(e -> Arguments.of(e.getKey(), told.get(e.getKey()), e.getValue()));
  }

  private static void quietly(WsPeer peer) {
    try {
      peer.silent();
    } catch (java.io.IOException _) {
      // the client went away
    }
  }
}
