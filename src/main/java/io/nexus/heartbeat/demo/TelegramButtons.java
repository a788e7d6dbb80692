package io.nexus.heartbeat.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.demo.TelegramChats.Answer;
import io.nexus.heartbeat.demo.TelegramStandIn.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The buttons under a bot's messages, and the updates that pressing them makes. An update is kept
 * until a later one is asked for (core.telegram.org/bots/api#getupdates).
 */
public final class TelegramButtons {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_DATA = 64;
  private static final int LONGEST_ANSWER = 200;
  private static final int MOST_UPDATES = 100;

  private final Map<Long, Under> under = new HashMap<>();
  private final SortedMap<Long, ObjectNode> updates = new TreeMap<>();
  private final Map<String, Integer> queries = new LinkedHashMap<>();
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final List<Shown> shown = new ArrayList<>();
  private long lastUpdate = 1000;
  private int polls;
  private long poller;
  private boolean webhook;
  private boolean closed;

  /** The buttons under a message: what each says, and what it carries. */
  private record Under(long chat, Map<String, String> data) {}

  /**
   * What somebody was shown who had pressed a button.
   *
   * @param user who pressed
   */
  public record Shown(long user, String words, boolean alert) {}

  /** The labels of the buttons under a message, from the top; none once they are taken away. */
  public synchronized List<String> under(long message) {
    var buttons = under.get(message);
    return buttons == null ? List.of() : List.copyOf(buttons.data().keySet());
  }

  /** What such a button carries. */
  public synchronized String data(long message, String label) {
    return sent(message).data().entrySet().stream()
        .filter(button -> button.getKey().contains(label))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no button " + label));
  }

  private Under sent(long message) {
    return Objects.requireNonNull(under.get(message), "no message " + message);
  }

  /** Somebody presses the button with this in its label. */
  public synchronized void press(long message, String label, long user) {
    press(sent(message).chat(), message, data(message, label), user);
  }

  /** As a client does that remembers what the button carried, whatever is there now. */
  public synchronized void press(long chat, long message, String data, long user) {
    var id = ++lastUpdate;
    var update = JSON.createObjectNode().put("update_id", id);
    var query = update.putObject("callback_query").put("id", "q" + id).put("data", data);
    query.putObject("from").put("id", user).put("is_bot", false).put("first_name", "Somebody");
    query.putObject("message").put("message_id", message).putObject("chat").put("id", chat);
    queries.put("q" + id + " " + user, 0);
    updates.put(id, update);
    notifyAll();
  }

  /** Updates that nobody has confirmed. */
  public synchronized int unconfirmed() {
    return updates.size();
  }

  /** What whoever pressed was shown, oldest first. */
  public synchronized List<Shown> shown() {
    return List.copyOf(shown);
  }

  /** How often somebody asked for updates. */
  public synchronized int polls() {
    return polls;
  }

  /** One fault for each of the next times that updates are asked for: HangUp, 429 or a page. */
  public synchronized void next(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** From now on the bot has a web hook, or none. */
  public synchronized void webhook(boolean set) {
    webhook = set;
    notifyAll();
  }

  static boolean areValid(JsonNode markup) {
    for (var row : markup.path("inline_keyboard")) {
      for (var button : row) {
        var length = button.path("callback_data").asText().getBytes(UTF_8).length;
        if (length < 1 || length > LONGEST_DATA || button.path("text").asText().isBlank()) {
          return false;
        }
      }
    }
    return true;
  }

  synchronized void under(long message, long chat, JsonNode markup) {
    var data = new LinkedHashMap<String, String>();
    for (var row : markup.path("inline_keyboard")) {
      row.forEach(it -> data.put(it.path("text").asText(), it.path("callback_data").asText()));
    }
    under.put(message, new Under(chat, data));
  }

  synchronized Answer getUpdates(JsonNode request) {
    polls++;
    switch (faults.poll()) {
      case Fault.HangUp() -> {
        return new TelegramChats.HangUp();
      }
      case Fault.ServerError(var status) -> {
        return new TelegramChats.Page(status);
      }
      case Fault.TooManyRequests(var after) when after != null -> {
        var words = "Too Many Requests: retry after " + after.toSeconds();
        return TelegramChats.error(429, words, "retry_after", after.toSeconds());
      }
      case null, default -> {}
    }
    var mine = ++poller; // whoever waited before is sent away
    notifyAll();
    updates.headMap(request.path("offset").asLong(0)).clear();
    var until = System.nanoTime() + Duration.ofSeconds(request.path("timeout").asLong()).toNanos();
    try {
      while (!webhook && !closed && mine == poller && updates.isEmpty()) {
        var left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          break;
        }
        wait(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (webhook) {
      return TelegramChats.error(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
              + " delete the webhook first");
    }
    if (mine != poller) {
      return TelegramChats.error(
          409,
          "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
              + " is running");
    }
    var found = JSON.createArrayNode();
    updates.values().stream().limit(request.path("limit").asInt(MOST_UPDATES)).forEach(found::add);
    return TelegramChats.ok(found);
  }

  synchronized Answer answerCallbackQuery(JsonNode request) {
    var id = request.path("callback_query_id").asText();
    var words = request.path("text").asText();
    if (words.length() > LONGEST_ANSWER) {
      return TelegramChats.error(400, "Bad Request: MESSAGE_TOO_LONG");
    }
    for (var query : queries.entrySet()) {
      if (query.getKey().startsWith(id + " ") && query.getValue() == 0) {
        query.setValue(1);
        var user = Long.parseLong(query.getKey().substring(id.length() + 1));
        shown.add(new Shown(user, words, request.path("show_alert").asBoolean()));
        return TelegramChats.ok(JSON.getNodeFactory().booleanNode(true));
      }
    }
    return TelegramChats.error(
        400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
  }

  synchronized Answer editMessageReplyMarkup(JsonNode request) {
    var message = request.path("message_id").asLong();
    var before = under.get(message);
    if (before == null || before.chat() != request.path("chat_id").asLong()) {
      return TelegramChats.error(400, "Bad Request: message to edit not found");
    }
    var empty = before.data().isEmpty();
    if (empty && request.path("reply_markup").path("inline_keyboard").isEmpty()) {
      return TelegramChats.error(
          400,
          "Bad Request: message is not modified: specified new message content and reply markup are"
              + " exactly the same as a current content and reply markup of the message");
    }
    under(message, before.chat(), request.path("reply_markup"));
    return TelegramChats.ok(JSON.getNodeFactory().booleanNode(true));
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
