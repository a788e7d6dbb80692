package io.nexus.heartbeat.net.ws;

import io.nexus.heartbeat.net.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

/** The server's side of a WebSocket, on plain sockets, as good or as bad as a test makes it. */
public final class WsPeer {
  private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)\r\n");

  private final Socket socket;
  private final DataInputStream in;
  private final String head;

  /** What happens on one connection, of which the head of the handshake has been read. */
  @FunctionalInterface
  public interface Script {
    void run(WsPeer peer) throws Exception;
  }

  /**
   * @param first its flags and opcode
   */
  public record Frame(int first, String text) {
    public int opcode() {
      return first & 0xf;
    }
  }

  private WsPeer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    var bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      bytes.write(in.readByte());
    }
    this.head = bytes.toString(StandardCharsets.ISO_8859_1);
  }

  public static ScriptedServer serving(Script script) {
    return ScriptedServer.unasked(socket -> script.run(new WsPeer(socket)));
  }

  public static ScriptedServer serving(ServerSocket listening, Script script) {
    return ScriptedServer.unasked(listening, socket -> script.run(new WsPeer(socket)));
  }

  public String head() {
    return head;
  }

  public Socket socket() {
    return socket;
  }

  /** Switches, with these headers besides. */
  public WsPeer opens(String... headers) throws Exception {
    raw(switching(acceptOf(key())) + String.join("", headers) + "\r\n");
    return this;
  }

  public String key() {
    var found = KEY.matcher(head);
    return found.find() ? found.group(1) : "none";
  }

  static String switching(String accept) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept
        + "\r\n";
  }

  static String acceptOf(String key) throws Exception {
    var sha = MessageDigest.getInstance("SHA-1");
    return Base64.getEncoder()
        .encodeToString(
            sha.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes("US-ASCII")));
  }

  public WsPeer raw(String bytes) throws IOException {
    ScriptedServer.write(socket, bytes);
    return this;
  }

  public WsPeer text(String text) throws IOException {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  public WsPeer closing(int code, String reason) throws IOException {
    var text = reason.getBytes(StandardCharsets.UTF_8);
    return frame(
        0x88, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  public WsPeer frame(int first, byte[] payload) throws IOException {
    var frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) payload.length);
    } else if (payload.length < 65536) {
      frame.put((byte) 126).putShort((short) payload.length);
    } else {
      frame.put((byte) 127).putLong(payload.length);
    }
    frame.put(payload);
    socket.getOutputStream().write(frame.array(), 0, frame.position());
    socket.getOutputStream().flush();
    return this;
  }

  /** The client's next frame, which must be masked. */
  public Frame read() throws IOException {
    var first = in.readUnsignedByte();
    var second = in.readUnsignedByte();
    if (second < 0x80) {
      throw new IOException("the client does not mask");
    }
    var length = second & 0x7f;
    length = length == 126 ? in.readUnsignedShort() : length;
    var mask = in.readNBytes(4);
    var payload = in.readNBytes(length);
    for (var i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new Frame(first, new String(payload, StandardCharsets.ISO_8859_1));
  }

  /** Answers pings and the close, until the client is gone. */
  public void obliging() throws IOException {
    while (true) {
      var frame = read();
      switch (frame.opcode()) {
        case 9 -> frame(0x8a, frame.text().getBytes(StandardCharsets.ISO_8859_1));
        case 8 -> {
          frame(0x88, frame.text().getBytes(StandardCharsets.ISO_8859_1));
          return;
        }
        default -> {}
      }
    }
  }

  /** Says nothing more until the client is gone. */
  public void silent() throws IOException {
    ScriptedServer.hang(socket);
  }
}
