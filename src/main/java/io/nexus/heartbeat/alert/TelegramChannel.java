package io.nexus.heartbeat.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.alert.BotApi.Reply;
import io.nexus.heartbeat.api.Alerts.Telegram;
import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Fault;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A chat, told through the Telegram Bot API (core.telegram.org/bots/api#sendmessage).
 *
 * <p>The bot's token is read anew for each message, so that it can be rotated. It is part of the
 * request's path, and therefore nothing that was thrown or answered leaves here without it masked.
 */
public final class TelegramChannel implements Channel {
  // "1-4096 characters after entities parsing" (core.telegram.org/bots/api#sendmessage), counted in
  // UTF-16 units as all lengths there (core.telegram.org/api/entities#entity-length).
  static final int LONGEST = 4096;

  // A bot's id, a colon and its secret. Checked because it becomes part of a path.
  private static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{10,200}");
  private static final Pattern API_URL = Pattern.compile("https?://[^@/?#]+(/[^?#]*)?");

  private final Telegram telegram;
  private final String namespace;
  private final Secrets secrets;
  private final BotApi api;

  /**
   * @param namespace the monitor's, whose Secrets these are
   * @param secrets of that namespace
   * @param dialer the door for receivers
   */
  public TelegramChannel(
      Telegram telegram, String namespace, Secrets secrets, Http http, Dialer dialer) {
    this.telegram = telegram;
    this.namespace = namespace;
    this.secrets = secrets;
    this.api = new BotApi(http, dialer);
  }

  @Override
  public String kind() {
    return "telegram";
  }

  @Override
  public String destination() {
    return sender() + " chat " + telegram.chatId();
  }

  /**
   * Where its token is kept stands for the bot: the limits are a bot's own, and who has a bot that
   * is told to wait must not silence everybody else's in the same chat. One bot whose token is in
   * two Secrets counts as two here, and is told by Telegram when it is too quick.
   */
  private String sender() {
    return "telegram %s bot %s/%s".formatted(telegram.apiUrl(), namespace, telegram.botTokenFrom());
  }

  /**
   * One message a second to a chat, 20 a minute to a group, 30 a second from a bot
   * (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
   */
  @Override
  public List<Limit> limits() {
    var limits = new ArrayList<Limit>();
    limits.add(new Limit(destination(), 1, Duration.ofSeconds(1)));
    if (isGroup(telegram.chatId())) {
      limits.add(new Limit(destination(), 20, Duration.ofMinutes(1)));
    }
    limits.add(new Limit(sender(), 30, Duration.ofSeconds(1)));
    return limits;
  }

  private static boolean isGroup(String chatId) {
    return chatId.startsWith("-") || chatId.startsWith("@");
  }

  @Override
  public Answer send(Notice notice, Deadline deadline) {
    return switch (access()) {
      case Access.Closed(var why) -> why;
      case Access.Open(var apiUrl, var token) -> new Sending(notice, apiUrl, token, deadline).run();
    };
  }

  @Override
  public Optional<Trial> tryOut(Deadline deadline) {
    return Optional.of(
        switch (access()) {
          case Access.Closed(Answer.Refused(var why)) -> TelegramTrial.closed(why);
          case Access.Closed(Answer.Later(var why, var _)) -> TelegramTrial.closed(why);
          case Access.Closed(Answer.Delivered _) -> throw new IllegalStateException("not asked");
          case Access.Open(var apiUrl, var token) ->
              new TelegramTrial(api, telegram, apiUrl, token).run(deadline);
        });
  }

  @Override
  public Optional<Bot> bot() {
    return access() instanceof Access.Open(var apiUrl, var token)
        ? Optional.of(new Bot(api, apiUrl, token, telegram.botTokenFrom().toString()))
        : Optional.empty();
  }

  /** What a request needs. */
  private sealed interface Access {
    record Open(URI apiUrl, String token) implements Access {
      @Override
      public String toString() {
        return apiUrl.toString();
      }
    }

    record Closed(Answer why) implements Access {}
  }

  private Access access() {
    if (!API_URL.matcher(telegram.apiUrl()).matches()) {
      return closed(
          "apiUrl must be like https://api.telegram.org, without user, query or fragment");
    }
    URI apiUrl;
    try {
      apiUrl = URI.create(telegram.apiUrl().replaceAll("/+$", ""));
    } catch (IllegalArgumentException _) {
      return closed("apiUrl is not a URL; it must be like https://api.telegram.org");
    }
    if (apiUrl.getHost() == null) {
      return closed("apiUrl has no host; it must be like https://api.telegram.org");
    }
    SecretValue secret;
    try {
      secret = secrets.read(telegram.botTokenFrom(), apiUrl.getHost());
    } catch (SecretUnavailable e) {
      // Perhaps only for now, and there is a day to mend it.
      return new Access.Closed(new Answer.Later("bot token: " + e.getMessage(), null));
    }
    var token = secret.text().strip();
    return TOKEN.matcher(token).matches()
        ? new Access.Open(apiUrl, token)
        : closed(
            telegram.botTokenFrom()
                + " is not a bot token; @BotFather gives one like 123456:ABC-DEF…");
  }

  private static Access closed(String why) {
    return new Access.Closed(new Answer.Refused(why));
  }

  /** Without the token, which is part of the request's path. */
  static String masked(String text, String token) {
    var colon = token.indexOf(':');
    var shown =
        text.replace(token, "***")
            .replace(token.replace(":", "%3A"), "***")
            .replace(token.substring(colon + 1), "***");
    return Plain.text(shown, 300);
  }

  /** One notice on its way, with the tries that an answer asks for at once. */
  private final class Sending {
    private final Notice notice;
    private final MessageText text;
    private final @Nullable Nonce nonce;
    private final URI apiUrl;
    private final String token;
    private final Deadline deadline;
    private String chatId = telegram.chatId();
    private boolean html = true;
    private @Nullable String replyTo;

    private Sending(Notice notice, URI apiUrl, String token, Deadline deadline) {
      this.notice = notice;
      this.text = MessageText.of(notice);
      this.nonce =
          telegram.allowedUsers().isEmpty() || notice.choices().isEmpty() ? null : Nonce.fresh();
      this.apiUrl = apiUrl;
      this.token = token;
      this.deadline = deadline;
      this.replyTo = notice.lastMessageId();
    }

    Answer run() {
      try {
        while (true) {
          var said = html ? text.html(LONGEST) : text.plain(LONGEST);
          var reply =
              api.sendMessage(apiUrl, token, chatId, said, html, replyTo, buttons(), deadline);
          if (!isMended(reply)) {
            return answer(reply);
          }
        }
      } catch (Misconfigured | Dialer.AddressRefused e) {
        return new Answer.Refused(apiUrl.getHost() + ": " + masked(Fault.of(e).words()));
      } catch (IOException e) {
        // After the request went out nobody knows whether it arrived: tell it again, at least once.
        return new Answer.Later(apiUrl.getHost() + ": " + masked(Fault.of(e).words()), null);
      }
    }

    private @Nullable ObjectNode buttons() {
      return nonce == null ? null : nonce.buttons(notice.choices());
    }

    private @Nullable Keyboard keyboard(Reply reply) {
      return nonce == null || reply.chatId() == null
          ? null
          : nonce.keyboard(Bot.id(apiUrl, token), reply.chatId(), notice);
    }

    /** Whether the same may go out at once, changed as the answer wants it. Each at most once. */
    private boolean isMended(Reply reply) {
      var complaint = reply.description().toLowerCase(Locale.ROOT);
      if (reply.status() != 400) {
        return false;
      }
      if (reply.migratedTo() != null && chatId.equals(telegram.chatId())) {
        chatId = reply.migratedTo();
        replyTo = null; // message ids are a chat's own
        return true;
      }
      if (html && complaint.contains("can't parse entities")) {
        html = false;
        return true;
      }
      if (replyTo != null && complaint.contains("repl")) {
        replyTo = null; // "message to be replied not found", whatever we allowed
        return true;
      }
      return false;
    }

    private Answer answer(Reply reply) {
      if (reply.ok()) {
        return new Answer.Delivered(reply.messageId(), hint(), keyboard(reply));
      }
      if (!reply.refused()) {
        return new Answer.Later(
            apiUrl.getHost()
                + " did not answer as the Bot API does, but with HTTP "
                + reply.status()
                + ": is a proxy or gateway in between, or apiUrl wrong?",
            reply.retryAfter());
      }
      var said = "Telegram says '" + masked(reply.description()) + "'";
      return switch (reply.status()) {
        case 401, 404 ->
            new Answer.Refused(
                said
                    + ": the bot token in "
                    + telegram.botTokenFrom()
                    + " is wrong or revoked, or apiUrl leads elsewhere");
        case 403 ->
            new Answer.Refused(
                said + ": chat " + chatId + " must allow the bot: unblock it, or add it again");
        case 429 -> new Answer.Later(said, reply.retryAfter());
        case 408, 409 -> new Answer.Later(said, null);
        default ->
            reply.status() / 100 == 4
                ? new Answer.Refused(said + whatToMend(reply))
                : new Answer.Later(said, null);
      };
    }

    private String whatToMend(Reply reply) {
      var complaint = reply.description().toLowerCase(Locale.ROOT);
      if (complaint.contains("chat not found")) {
        return ": chatId "
            + chatId
            + " is wrong, or the bot never met it: write /start to the bot, or add it to the group";
      }
      return complaint.contains("rights") || complaint.contains("write")
          ? ": allow the bot to write in chat " + chatId
          : "";
    }

    private @Nullable String hint() {
      return chatId.equals(telegram.chatId())
          ? null
          : "chat "
              + telegram.chatId()
              + " has become the supergroup "
              + chatId
              + ": set chatId to that";
    }

    private String masked(String text) {
      return TelegramChannel.masked(text, token);
    }
  }
}
