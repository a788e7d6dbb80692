package io.nexus.heartbeat.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.nexus.heartbeat.alert.BotApi.Reply;
import io.nexus.heartbeat.decide.Press;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.net.Plain;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Telegram bot, as far as the buttons under its messages go. It never shows its token. */
public final class Bot {
  private static final int ID_DIGITS = 32;

  // "0-200 characters" (core.telegram.org/bots/api#answercallbackquery).
  private static final int LONGEST_ANSWER = 200;

  private final BotApi api;
  private final URI apiUrl;
  private final String token;
  private final String from;

  Bot(BotApi api, URI apiUrl, String token, String from) {
    this.api = api;
    this.apiUrl = apiUrl;
    this.token = token;
    this.from = from;
  }

  /**
   * An update that the Bot API keeps until a later one is asked for.
   *
   * @param query what is answered; empty where there is nothing to answer
   * @param press null: it is none of a button of ours
   */
  public record Update(long id, String query, @Nullable Press press) {}

  /** What came of asking. */
  public sealed interface Polled {
    record Updates(List<Update> updates) implements Polled {}

    /**
     * @param why in words, with what to do
     * @param lasting it does not pass by itself
     * @param rival somebody else asks, and sends us away as we do them: an answer in between proves
     *     nothing
     * @param retryAfter as the Bot API demands
     */
    record Failed(String why, boolean lasting, boolean rival, @Nullable Duration retryAfter)
        implements Polled {
      Failed(String why, boolean lasting, @Nullable Duration retryAfter) {
        this(why, lasting, false, retryAfter);
      }
    }
  }

  /** The same for the same token at the same address, and nothing can be learnt from it. */
  public String id() {
    return id(apiUrl, token);
  }

  static String id(URI apiUrl, String token) {
    return Nonce.hash(apiUrl + "\n" + token).substring(0, ID_DIGITS);
  }

  /**
   * @param offset the first update that is wanted: what came before is confirmed by it
   * @param wait for how long the Bot API waits for one
   */
  public Polled poll(@Nullable Long offset, Duration wait, Deadline deadline) {
    try {
      var reply = api.getUpdates(apiUrl, token, offset, wait, deadline);
      return reply.ok() ? new Polled.Updates(updates(reply.result())) : failed(reply);
    } catch (IOException e) {
      return new Polled.Failed(apiUrl.getHost() + ": " + masked(Fault.of(e).words()), false, null);
    }
  }

  private Polled failed(Reply reply) {
    if (!reply.refused()) {
      return new Polled.Failed(
          apiUrl.getHost() + " did not answer as the Bot API does, but with HTTP " + reply.status(),
          false,
          reply.retryAfter());
    }
    var said = "Telegram says '" + masked(reply.description()) + "'";
    return switch (reply.status()) {
      case 401, 404 ->
          new Polled.Failed(
              said + ": the bot token in " + from + " is wrong or revoked", true, null);
      case 409 -> conflict(said, reply);
      default -> new Polled.Failed(said, false, reply.retryAfter());
    };
  }

  /** One asks for a bot's updates, or a web hook is told of them: never two. */
  private Polled conflict(String said, Reply reply) {
    var webhook = reply.description().toLowerCase(Locale.ROOT).contains("webhook");
    return new Polled.Failed(
        said
            + (webhook
                ? ": the bot has a web hook; remove it (deleteWebhook), or give Heartbeat a bot of"
                    + " its own, or remove allowedUsers"
                : ": another program asks for this bot's updates; stop it, or give Heartbeat a bot"
                    + " of its own, or remove allowedUsers"),
        webhook,
        !webhook,
        null);
  }

  private List<Update> updates(JsonNode result) {
    var updates = new ArrayList<Update>();
    for (var update : result) {
      if (update.path("update_id").canConvertToLong()) {
        var query = update.path("callback_query");
        var press = press(query).orElse(null);
        updates.add(
            new Update(
                update.path("update_id").asLong(),
                press == null ? "" : query.path("id").asText(""),
                press));
      }
    }
    return updates;
  }

  private Optional<Press> press(JsonNode query) {
    var user = query.path("from").path("id");
    var chat = query.path("message").path("chat").path("id");
    var message = query.path("message").path("message_id");
    if (!user.isIntegralNumber() || !chat.isIntegralNumber() || !message.isIntegralNumber()) {
      return Optional.empty();
    }
    return Nonce.read(query.path("data").asText(""))
        .map(
            said ->
                new Press(
                    said.hash(),
                    id(),
                    chat.asText(),
                    message.asText(),
                    said.order(),
                    user.asText()));
  }

  /**
   * Tells whoever pressed; nobody waits for it for long, so it is tried once.
   *
   * @param alert in a window that has to be closed
   */
  public void answer(String query, String words, boolean alert, Deadline deadline)
      throws IOException {
    var said = MessageText.line(masked(words), LONGEST_ANSWER);
    throwing(api.answerCallbackQuery(apiUrl, token, query, said, alert, deadline));
  }

  /** Takes the buttons under a message away, where there are any. */
  public void removeButtons(String chat, String messageId, Deadline deadline) throws IOException {
    if (messageId.matches("[0-9]{1,15}")) { // it comes from status
      var id = Long.parseLong(messageId);
      var reply = api.removeButtons(apiUrl, token, chat, id, deadline);
      if (!reply.description().contains("message is not modified")) {
        throwing(reply);
      }
    }
  }

  private void throwing(Reply reply) throws IOException {
    if (!reply.ok()) {
      throw new IOException("Telegram says '" + masked(reply.description()) + "'");
    }
  }

  /** What was thrown on the way, without the token. */
  public String words(IOException e) {
    return masked(Fault.of(e).words());
  }

  private String masked(String text) {
    return Plain.text(TelegramChannel.masked(text, token), 300);
  }

  @Override
  public String toString() {
    return "bot " + id() + " at " + apiUrl;
  }
}
