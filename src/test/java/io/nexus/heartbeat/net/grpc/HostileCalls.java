package io.nexus.heartbeat.net.grpc;

import static io.nexus.heartbeat.net.ScriptedServer.write;

import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What a server that wants to hurt answers to a gRPC call, in raw HTTP/2. */
public final class HostileCalls {
  private static final String SETTINGS = frame(4, 0, 0, "");

  /** HPACK: ":status: 200" is entry 8 of the static table, "content-type" 31, as 15 and 16. */
  private static final String OK = "\u0088" + "\u000f\u0010" + text("application/grpc");

  private static final String ANSWER = SETTINGS + frame(1, 4, 1, OK);
  private static final String SERVING = "\0\0\0\0\u0002\u0008\u0001";
  private static final String TRAILERS = frame(1, 5, 1, "\0" + text("grpc-status") + text("0"));

  private final List<Arguments> all = new ArrayList<>();

  private HostileCalls() {}

  /** Each with what is told of it. */
  public static List<Arguments> all() {
    var calls = new HostileCalls();
    calls.endless();
    calls.broken();
    calls.is("a good one", "", peer -> write(peer, ANSWER + frame(0, 0, 1, SERVING) + TRAILERS));
    return calls.all;
  }

  private void endless() {
    is("mute", "timed out", ScriptedServer::hang);
    is(
        "mute after its settings",
        "timed out",
        peer -> {
          write(peer, SETTINGS);
          ScriptedServer.hang(peer);
        });
    is("a frame now and then", "timed out", peer -> ScriptedServer.drip(peer, SETTINGS, 100));
    is(
        "a byte now and then",
        "timed out",
        peer -> {
          write(peer, SETTINGS + frame(6, 0, 0, "12345678").substring(0, 9));
          ScriptedServer.drip(peer, "x", 300);
        });
    for (var flood :
        List.of(
            frame(4, 0, 0, ""),
            frame(6, 0, 0, "12345678"),
            frame(8, 0, 0, "\0\0\0\u0001"),
            frame(0, 0, 1, ""))) {
      is(
          "endless frames of type " + (int) flood.charAt(3),
          "sent more than 1000 HTTP/2 frames",
          peer -> {
            Thread.ofVirtual().start(() -> quietly(peer));
            write(peer, SETTINGS);
            while (true) {
              write(peer, flood.repeat(100));
            }
          });
    }
    is(
        "endless headers",
        "sent headers of more than 16 KiB",
        peer -> {
          write(peer, SETTINGS + frame(1, 0, 1, OK));
          while (true) {
            write(peer, frame(9, 0, 1, "\0\u0001a\u0001b".repeat(1000)));
          }
        });
    is(
        "endless data",
        "answered with more than 60 KiB",
        peer -> {
          write(peer, ANSWER);
          while (true) {
            write(peer, frame(0, 0, 1, "x".repeat(16384)));
          }
        });
  }

  private void broken() {
    answer("nothing", "closed the connection without an answer", "");
    answer("HTTP/1.1", "answers in HTTP/1.1, not in HTTP/2", "HTTP/1.1 400 Bad Request\r\n\r\n");
    answer("no HTTP", "does not speak HTTP/2", "SSH-2.0-OpenSSH_9.6\r\n");
    answer("no settings", "does not speak HTTP/2", frame(1, 5, 1, OK));
    answer("half a frame", "closed the connection in the middle of a frame", SETTINGS.substring(1));
    answer("half an answer", "closed the connection in the middle of its answer", ANSWER);
    answer(
        "a huge frame",
        "sent an HTTP/2 frame of 16711680 bytes",
        SETTINGS + "\u00ff\0\0\0\0\0\0\0\u0001");
    answer(
        "headers that are none",
        "headers that cannot be read",
        SETTINGS + frame(1, 5, 1, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"));
    // Of 4,000 characters in the dynamic table each further octet makes as many again.
    answer(
        "a bomb of headers",
        "headers that cannot be read",
        SETTINGS
            + frame(
                1,
                5,
                1,
                "\u0040\u0001a\u007f\u00a1\u001e" + "x".repeat(4000) + "\u00be".repeat(9000)));
    answer("a reset", "reset the call: REFUSED_STREAM", SETTINGS + frame(3, 0, 1, "\0\0\0\u0007"));
    answer("a reset of one byte", "reset the call: error -1", SETTINGS + frame(3, 0, 1, "\0"));
    answer(
        "a goodbye",
        "goes away: ENHANCE_YOUR_CALM",
        SETTINGS + frame(7, 0, 0, "\0\0\0\u0001\0\0\0\u000b"));
    answer("a push", "pushes what was not asked for", SETTINGS + frame(5, 4, 1, "\0\0\0\u0002"));
    answer(
        "another stream", "answers on a stream that was not opened", SETTINGS + frame(1, 5, 3, OK));
    answer(
        "a lone continuation", "continues headers that have ended", SETTINGS + frame(9, 4, 1, OK));
    answer(
        "headers torn apart", "breaks off its headers", SETTINGS + frame(1, 0, 1, OK) + SETTINGS);
    answer(
        "padding only", "sent an HTTP/2 frame of padding only", ANSWER + frame(0, 8, 1, "\u0009x"));
    answer(
        "no trailers", "ended its answer without a gRPC status", ANSWER + frame(0, 1, 1, SERVING));
    answer("no message", "something that is not one gRPC message", ANSWER + TRAILERS);
    answer(
        "a message that is longer than it says",
        "something that is not one gRPC message",
        ANSWER + frame(0, 0, 1, SERVING + "x") + TRAILERS);
    answer(
        "a packed message",
        "something that is not one gRPC message",
        ANSWER + frame(0, 0, 1, "\u0001" + SERVING.substring(1)) + TRAILERS);
    answer(
        "no protobuf",
        "something that is not a HealthCheckResponse",
        ANSWER + frame(0, 0, 1, "\0\0\0\0\u0002\u0012\u00ff") + TRAILERS);
    answer(
        "a page",
        "answers with text/html, which is not gRPC",
        SETTINGS + frame(1, 5, 1, "\u0088\u000f\u0010" + text("text/html")));
    answer("HTTP 502", "HTTP 502", SETTINGS + frame(1, 5, 1, "\u0008" + text("502")));
    answer(
        "no status",
        "answered without a status",
        SETTINGS + frame(1, 5, 1, "\0" + text("x") + text("y")));
  }

  private void answer(String name, String told, String bytes) {
    is(name, told, peer -> write(peer, bytes));
  }

  private void is(String name, String told, Script script) {
    all.add(Arguments.of(name, told, script));
  }

  private static String text(String text) {
    return (char) text.length() + text;
  }

  private static String frame(int type, int flags, int stream, String payload) {
    var length = payload.length();
    return ""
        + (char) (length >> 16)
        + (char) (length >> 8 & 0xff)
        + (char) (length & 0xff)
        + (char) type
        + (char) flags
        + "\0\0\0"
        + (char) stream
        + payload;
  }

  private static void quietly(java.net.Socket peer) {
    try {
      ScriptedServer.hang(peer);
    } catch (java.io.IOException _) {
      // the client went away
    }
  }
}
