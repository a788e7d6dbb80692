package io.nexus.heartbeat.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.demo.TelegramStandIn.Fault;
import io.nexus.heartbeat.demo.TelegramStandIn.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The chats of a bot, their rules and what was said in them. */
final class TelegramChats {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 4096;
  private static final long CHANNEL = -1001234567890L;
  // Half of a surrogate pair, as an escape in JSON makes it.
  private static final Pattern HALF_A_PAIR = Pattern.compile("\\p{Cs}");

  private final Consumer<Message> onMessage;
  private final LongSupplier nanos;
  private final Set<String> known;
  private final Map<String, String> migrated = new HashMap<>();
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final List<Message> messages = new ArrayList<>();
  private final TelegramButtons buttons;
  private boolean ratesLimited;
  private int requests;

  /** What goes back over the wire. */
  sealed interface Answer {}

  record Json(int status, String body) implements Answer {}

  record Page(int status) implements Answer {}

  record Silence() implements Answer {}

  record HangUp() implements Answer {}

  TelegramChats(
      List<String> known,
      Consumer<Message> onMessage,
      LongSupplier nanos,
      TelegramButtons buttons) {
    this.buttons = buttons;
    this.known = new HashSet<>(known);
    this.onMessage = onMessage;
    this.nanos = nanos;
  }

  synchronized void limitRates() {
    ratesLimited = true;
  }

  synchronized void next(List<Fault> next) {
    faults.addAll(next);
  }

  synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  synchronized int requests() {
    return requests;
  }

  synchronized Answer sendMessage(JsonNode request) {
    requests++;
    var chatId = request.path("chat_id").asText();
    return switch (faults.poll()) {
      case null -> judge(request, chatId);
      case Fault.TooManyRequests(var after) -> tooMany(after);
      case Fault.ServerError(var status) -> new Page(status);
      case Fault.HangUp() -> new HangUp();
      case Fault.Blocked() -> error(403, "Forbidden: bot was blocked by the user");
      case Fault.CannotParse() when request.has("parse_mode") ->
          error(
              400,
              "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0");
      case Fault.CannotParse() -> judge(request, chatId);
      case Fault.AcceptThenSilence() -> accepted(judge(request, chatId), new Silence());
      case Fault.AcceptThenHangUp() -> accepted(judge(request, chatId), new HangUp());
      case Fault.Migrated(var to) -> {
        migrated.put(chatId, to);
        known.add(to);
        yield judge(request, chatId);
      }
    };
  }

  synchronized Answer getChat(String chatId) {
    requests++;
    if (faults.peek() instanceof Fault.Blocked) {
      faults.remove();
      return error(403, "Forbidden: bot was kicked from the group chat");
    }
    if (!known.contains(chatId)) {
      return error(400, "Bad Request: chat not found");
    }
    var answer = JSON.createObjectNode().put("ok", true);
    answer.putObject("result").put("id", chatId).put("title", "Operations");
    return new Json(200, answer.toString());
  }

  private static Answer accepted(Answer answer, Answer instead) {
    return answer instanceof Json(var status, var _) && status == 200 ? instead : answer;
  }

  private Answer judge(JsonNode request, String chatId) {
    if (chatId.isEmpty()) {
      return error(400, "Bad Request: chat_id is empty");
    }
    if (migrated.get(chatId) instanceof String to) {
      return error(
          400,
          "Bad Request: group chat was upgraded to a supergroup chat",
          "migrate_to_chat_id",
          Long.parseLong(to));
    }
    if (!known.contains(chatId)) {
      return error(400, "Bad Request: chat not found");
    }
    var raw = request.path("text").asText();
    if (HALF_A_PAIR.matcher(raw).find()) {
      return error(400, "Bad Request: strings must be encoded in UTF-8");
    }
    var html = request.path("parse_mode").asText().equalsIgnoreCase("HTML");
    String text;
    try {
      text = (html ? TelegramMarkup.parse(raw) : raw).strip();
    } catch (TelegramMarkup.Refused e) {
      return error(400, "Bad Request: " + e.getMessage());
    }
    if (text.isEmpty()) {
      return error(400, "Bad Request: message text is empty");
    }
    if (text.length() > LONGEST) {
      return error(400, "Bad Request: message is too long");
    }
    var now = nanos.getAsLong();
    var wait = ratesLimited ? tooSoonBy(chatId, now) : Duration.ZERO;
    return wait.isPositive() ? tooMany(wait) : accept(request, chatId, text, raw, html, now);
  }

  private Answer accept(
      JsonNode request, String chatId, String text, String raw, boolean html, long now) {
    var reply = request.path("reply_parameters");
    Long replyTo = replyTarget(reply, chatId);
    if (replyTo == null
        && reply.has("message_id")
        && !reply.path("allow_sending_without_reply").asBoolean()) {
      return error(400, "Bad Request: message to be replied not found");
    }
    if (!TelegramButtons.areValid(request.path("reply_markup"))) {
      return error(400, "Bad Request: BUTTON_DATA_INVALID");
    }
    var message = new Message(messages.size() + 1, chatId, text, raw, html, replyTo, now);
    messages.add(message);
    onMessage.accept(message);
    var answer = JSON.createObjectNode().put("ok", true);
    var result = answer.putObject("result").put("message_id", message.id()).put("text", text);
    var chat = result.putObject("chat");
    if (chatId.startsWith("@")) {
      chat.put("id", CHANNEL).put("username", chatId.substring(1));
    } else {
      chat.put("id", Long.parseLong(chatId));
    }
    buttons.under(message.id(), chat.path("id").asLong(), request.path("reply_markup"));
    return new Json(200, answer.toString());
  }

  private @Nullable Long replyTarget(JsonNode reply, String chatId) {
    var id = reply.path("message_id").asLong();
    return messages.stream().anyMatch(m -> m.id() == id && m.chatId().equals(chatId)) ? id : null;
  }

  /** core.telegram.org/bots/faq: a message a second to a chat, 20 a minute to a group. */
  private Duration tooSoonBy(String chatId, long now) {
    var sent =
        messages.stream().filter(m -> m.chatId().equals(chatId)).map(Message::atNanos).toList();
    var wait = sent.isEmpty() ? 0 : sent.getLast() + 1_000_000_000L - now;
    if (chatId.matches("[-@].*") && sent.size() >= 20) {
      wait = Math.max(wait, sent.get(sent.size() - 20) + 60_000_000_000L - now);
    }
    return Duration.ofNanos(wait);
  }

  private static Answer tooMany(@Nullable Duration after) {
    if (after == null) {
      return error(429, "Too Many Requests");
    }
    var seconds = Math.max(1, after.plusNanos(999_999_999).toSeconds());
    var text = "Too Many Requests: retry after " + seconds;
    return error(429, text, "retry_after", seconds);
  }

  static Answer me(long id) {
    var answer = JSON.createObjectNode().put("ok", true);
    answer.putObject("result").put("id", id).put("is_bot", true).put("first_name", "Heartbeat");
    return new Json(200, answer.toString());
  }

  static Answer error(int status, String description) {
    return new Json(status, body(status, description).toString());
  }

  static Answer ok(JsonNode result) {
    return new Json(200, JSON.createObjectNode().put("ok", true).set("result", result).toString());
  }

  static Answer error(int status, String description, String parameter, long value) {
    var body = body(status, description);
    body.putObject("parameters").put(parameter, value);
    return new Json(status, body.toString());
  }

  private static ObjectNode body(int status, String description) {
    return JSON.createObjectNode()
        .put("ok", false)
        .put("error_code", status)
        .put("description", description);
  }
}
