package io.nexus.heartbeat.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Behaves on loopback as api.telegram.org does for {@code getMe}, {@code getChat}, {@code
 * sendMessage} and what belongs to the buttons under messages: refuses what it refuses, in its
 * words, and keeps what it accepts.
 */
public final class TelegramStandIn implements AutoCloseable {
  private static final Pattern PATH = Pattern.compile("/bot([0-9]+:[A-Za-z0-9_-]+)/([A-Za-z]+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final TelegramChats chats;
  private final TelegramButtons buttons;
  private final String token;

  /**
   * A message that was accepted.
   *
   * @param text as people see it, markup parsed
   * @param replyTo the message it is threaded under, if that exists
   * @param atNanos on the stand-in's clock
   */
  public record Message(
      long id,
      String chatId,
      String text,
      String raw,
      boolean html,
      @Nullable Long replyTo,
      long atNanos) {}

  /** What the next request meets instead of an answer. */
  public sealed interface Fault {

    /** 429, with or without saying for how long. */
    record TooManyRequests(@Nullable Duration retryAfter) implements Fault {}

    /** 500, 502 … with a page instead of JSON, as a proxy sends it. */
    record ServerError(int status) implements Fault {}

    /** The message is accepted and nobody is told: silence until the client gives up. */
    record AcceptThenSilence() implements Fault {}

    /** The message is accepted and the connection closed before the answer. */
    record AcceptThenHangUp() implements Fault {}

    /** The connection is closed and nothing was accepted. */
    record HangUp() implements Fault {}

    /** 403. */
    record Blocked() implements Fault {}

    /** 400 for markup that is right. */
    record CannotParse() implements Fault {}

    /** From now on the chat has this id; it must be a chat too. */
    record Migrated(String to) implements Fault {}
  }

  private TelegramStandIn(
      HttpServer server, String token, TelegramChats chats, TelegramButtons buttons) {
    this.buttons = buttons;
    this.server = server;
    this.token = token;
    this.chats = chats;
  }

  /**
   * @param chatIds the chats that know the bot
   * @param onMessage told each accepted message, on the server's threads
   */
  public static TelegramStandIn start(
      String token, List<String> chatIds, Consumer<Message> onMessage) throws IOException {
    return start(token, chatIds, onMessage, System::nanoTime);
  }

  /** With a clock of the caller's, in nanoseconds. */
  public static TelegramStandIn start(
      String token, List<String> chatIds, Consumer<Message> onMessage, LongSupplier nanos)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var buttons = new TelegramButtons();
    var chats = new TelegramChats(chatIds, onMessage, nanos, buttons);
    var standIn = new TelegramStandIn(server, token, chats, buttons);
    server.createContext("/", standIn::handle);
    server.setExecutor(standIn.threads);
    server.start();
    return standIn;
  }

  /** What goes into {@code apiUrl}. */
  public String url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort()).toString();
  }

  /** From now on more than a message a second to a chat, or 20 a minute to a group, gets 429. */
  public void limitRates() {
    chats.limitRates();
  }

  /** One fault for each of the next requests. */
  public void next(Fault... faults) {
    chats.next(List.of(faults));
  }

  /** Every accepted message, oldest first. */
  public List<Message> messages() {
    return chats.messages();
  }

  /** What people see and do below the messages. */
  public TelegramButtons buttons() {
    return buttons;
  }

  /** Requests so far, whatever became of them. */
  public int requests() {
    return chats.requests();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = exchange.getRequestBody().readNBytes(1 << 20);
      switch (answer(exchange.getRequestURI().getPath(), request)) {
        case TelegramChats.Silence() -> await();
        case TelegramChats.HangUp() -> {} // closing without an answer closes the connection
        case TelegramChats.Page(var status) ->
            reply(exchange, status, "text/html", "<html><h1>" + status + "</h1></html>");
        case TelegramChats.Json(var status, var body) ->
            reply(exchange, status, "application/json", body);
      }
    }
  }

  private TelegramChats.Answer answer(String path, byte[] body) {
    var match = PATH.matcher(path);
    if (!match.matches()) {
      return TelegramChats.error(404, "Not Found");
    }
    if (!match.group(1).equals(token)) {
      return TelegramChats.error(401, "Unauthorized");
    }
    return switch (match.group(2)) {
      case "getMe" -> TelegramChats.me(Long.parseLong(token.substring(0, token.indexOf(':'))));
      case "getChat" -> chats.getChat(chatId(body));
      case "sendMessage" -> sendMessage(body);
      case "getUpdates" -> buttons.getUpdates(json(body));
      case "answerCallbackQuery" -> buttons.answerCallbackQuery(json(body));
      case "editMessageReplyMarkup" -> buttons.editMessageReplyMarkup(json(body));
      default -> TelegramChats.error(404, "Not Found");
    };
  }

  private static String chatId(byte[] body) {
    return json(body).path("chat_id").asText();
  }

  private static JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  private TelegramChats.Answer sendMessage(byte[] body) {
    JsonNode message;
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      message = JSON.readTree(text);
    } catch (CharacterCodingException _) {
      return TelegramChats.error(400, "Bad Request: strings must be encoded in UTF-8");
    } catch (IOException _) {
      return TelegramChats.error(400, "Bad Request: can't parse JSON object");
    }
    return chats.sendMessage(message);
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reply(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closing.countDown();
    buttons.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
