package io.nexus.heartbeat.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What we use of the Telegram Bot API, as JSON over HTTP. */
final class BotApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  // An answer holds our own message and little else.
  private static final int MOST_BYTES = 256 * 1024;

  // An update holds the whole message under which a button was pressed.
  private static final int MOST_UPDATES = 10;
  private static final int MOST_BYTES_OF_UPDATES = 1024 * 1024;

  private static final int LONGEST_NAME = 100;

  private final Http http;
  private final Dialer dialer;

  BotApi(Http http, Dialer dialer) {
    this.http = http;
    this.dialer = dialer;
  }

  /**
   * @param ok the message was taken
   * @param refused the Bot API itself says no; without {@code ok} or this, something between us and
   *     it answered in its place
   * @param description the provider's words, or the HTTP status
   * @param migratedTo the group has become this supergroup
   * @param name of the bot or chat that was asked for
   * @param chatId where the message is
   * @param result all that was asked for
   * @param at when the provider says that it answered
   */
  record Reply(
      int status,
      boolean ok,
      boolean refused,
      String description,
      @Nullable String messageId,
      @Nullable Duration retryAfter,
      @Nullable String migratedTo,
      @Nullable String name,
      @Nullable String chatId,
      JsonNode result,
      @Nullable Instant at) {}

  /** Whose token it is. */
  Reply getMe(URI apiUrl, String token, Deadline deadline) throws IOException {
    return post(apiUrl, token, "getMe", JSON.createObjectNode(), deadline);
  }

  /** What the bot knows of the chat; it need not be allowed to write there. */
  Reply getChat(URI apiUrl, String token, String chatId, Deadline deadline) throws IOException {
    var asked = JSON.createObjectNode().put("chat_id", chatId);
    return post(apiUrl, token, "getChat", asked, deadline);
  }

  Reply sendMessage(
      URI apiUrl,
      String token,
      String chatId,
      String text,
      boolean html,
      @Nullable String replyTo,
      @Nullable ObjectNode buttons,
      Deadline deadline)
      throws IOException {
    var message = JSON.createObjectNode().put("chat_id", chatId).put("text", text);
    if (html) {
      message.put("parse_mode", "HTML");
    }
    // Names with dots look like links, and nobody needs a picture of them.
    message.putObject("link_preview_options").put("is_disabled", true);
    if (replyTo != null && replyTo.matches("[0-9]{1,15}")) { // it comes from status
      message
          .putObject("reply_parameters")
          .put("message_id", Long.parseLong(replyTo))
          .put("allow_sending_without_reply", true);
    }
    if (buttons != null) {
      message.set("reply_markup", buttons);
    }
    return post(apiUrl, token, "sendMessage", message, deadline);
  }

  /**
   * Presses of buttons that were not confirmed yet. Asking confirms what came before.
   *
   * @param offset the first update that is wanted; null: the first there is
   * @param wait for how long the Bot API waits for one
   */
  Reply getUpdates(
      URI apiUrl, String token, @Nullable Long offset, Duration wait, Deadline deadline)
      throws IOException {
    var asked = JSON.createObjectNode().put("timeout", wait.toSeconds()).put("limit", MOST_UPDATES);
    asked.putArray("allowed_updates").add("callback_query");
    if (offset != null) {
      asked.put("offset", offset);
    }
    return post(apiUrl, token, "getUpdates", asked, MOST_BYTES_OF_UPDATES, deadline);
  }

  /** Shows these words to whoever pressed a button. */
  Reply answerCallbackQuery(
      URI apiUrl, String token, String query, String words, boolean alert, Deadline deadline)
      throws IOException {
    var answer =
        JSON.createObjectNode()
            .put("callback_query_id", query)
            .put("text", words)
            .put("show_alert", alert);
    return post(apiUrl, token, "answerCallbackQuery", answer, deadline);
  }

  /** Takes the buttons under a message away. */
  Reply removeButtons(URI apiUrl, String token, String chatId, long messageId, Deadline deadline)
      throws IOException {
    var message = JSON.createObjectNode().put("chat_id", chatId).put("message_id", messageId);
    message.putObject("reply_markup").putArray("inline_keyboard");
    return post(apiUrl, token, "editMessageReplyMarkup", message, deadline);
  }

  private Reply post(URI apiUrl, String token, String method, JsonNode message, Deadline deadline)
      throws IOException {
    return post(apiUrl, token, method, message, MOST_BYTES, deadline);
  }

  private Reply post(
      URI apiUrl, String token, String method, JsonNode message, int mostBytes, Deadline deadline)
      throws IOException {
    var url = URI.create(apiUrl + "/bot" + token + "/" + method);
    var json = message.toString().getBytes(StandardCharsets.UTF_8);
    var request =
        Request.of("POST", url)
            .with("Content-Type", "application/json")
            .withBody(json)
            .readingAtMost(mostBytes);
    return reply(http.send(request, dialer, deadline));
  }

  private static Reply reply(Response response) {
    var body = parsed(response.body());
    var parameters = body.path("parameters");
    var retryAfter = parameters.path("retry_after");
    var migratedTo = parameters.path("migrate_to_chat_id");
    var messageId = body.path("result").path("message_id");
    var chatId = body.path("result").path("chat").path("id");
    // core.telegram.org/bots/api#making-requests: "a JSON object, which always has a Boolean field
    // 'ok'".
    var ok = body.path("ok");
    return new Reply(
        response.status(),
        response.status() == 200 && ok.asBoolean(),
        ok.isBoolean() && !ok.booleanValue(),
        body.path("description").asText("HTTP " + response.status()),
        messageId.isIntegralNumber() ? messageId.asText() : null,
        retryAfter.canConvertToInt()
            ? Duration.ofSeconds(retryAfter.asInt())
            : response.header("Retry-After").flatMap(BotApi::seconds).orElse(null),
        migratedTo.isIntegralNumber() ? migratedTo.asText() : null,
        name(body.path("result")),
        chatId.isIntegralNumber() ? chatId.asText() : null,
        body.path("result"),
        response.header("Date").map(BotApi::instant).orElse(null));
  }

  private static @Nullable String name(JsonNode result) {
    for (var field : new String[] {"title", "username", "first_name"}) {
      if (result.path(field).isTextual()) {
        return Plain.text(result.path(field).asText(), LONGEST_NAME);
      }
    }
    return null;
  }

  private static @Nullable Instant instant(String date) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    } catch (DateTimeException _) {
      return null;
    }
  }

  /** RFC 9110, 10.2.3; as a date it is not used by anyone we send to. */
  private static Optional<Duration> seconds(String header) {
    return header.matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
        : Optional.empty();
  }

  private static JsonNode parsed(byte[] body) {
    try {
      var node = JSON.readTree(new String(body, StandardCharsets.UTF_8));
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance(); // a proxy's page, most likely
    }
  }
}
