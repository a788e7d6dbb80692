package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.hang;
import static io.nexus.heartbeat.net.ScriptedServer.write;

import io.nexus.heartbeat.net.ScriptedServer.Script;
import java.util.Arrays;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What a peer that wants to hurt answers to a request for JSON. */
final class HostileAnswers {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  private HostileAnswers() {}

  /** Those that would never end by themselves, and those that would fill the heap. */
  static Stream<Arguments> all() {
    var named = new java.util.LinkedHashMap<String, Script>();
    endless(named);
    named.put("closed at once", _ -> {});
    named.put("no HTTP", peer -> write(peer, "SSH-2.0-OpenSSH_9.6\r\n"));
    named.put("a page", body("<html><body>Welcome</body></html>"));
    named.put("empty", body(""));
    named.put("null", body("null"));
    named.put("a number of 900 KB", body("{\"models\":" + "9".repeat(900_000) + "}"));
    named.put("a number of 2000 digits", body("{\"models\":" + "9".repeat(2000) + "}"));
    named.put("a huge exponent", body("{\"models\":[{\"size_vram\":1e999999999}]}"));
    named.put("depth", body("{\"models\":" + "[".repeat(20_000)));
    named.put("objects in depth", body("{\"a\":".repeat(20_000)));
    named.put("many small objects", body("{\"models\":[{}" + ",{}".repeat(150_000) + "]}"));
    named.put("broken off", body("{\"models\":[{\"name\":\"llama3"));
    named.put("bytes that are no text", body("\u0000\u00FF\u00FE\u0000\u0000\u00FE\u00FF{"));
    named.put("another form", body("{\"models\":\"all\",\"status\":[],\"data\":7}"));
    named.put("a list", body("[1,2,3]"));
    return named.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static void endless(SequencedMap<String, Script> named) {
    named.put("silent", peer -> hang(peer));
    named.put(
        "head without body",
        peer -> {
          write(peer, HEAD + "Content-Length: 99\r\n\r\n");
          hang(peer);
        });
    named.put(
        "endless body",
        peer -> {
          write(peer, HEAD + "\r\n{\"models\":[");
          var more = new char[8192];
          Arrays.fill(more, ' ');
          while (true) {
            write(peer, new String(more));
          }
        });
    named.put(
        "endless header",
        peer -> {
          write(peer, "HTTP/1.1 200 OK\r\nX: ");
          while (true) {
            write(peer, "x".repeat(8192));
          }
        });
  }

  private static Script body(String body) {
    return peer -> write(peer, HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);
  }
}
