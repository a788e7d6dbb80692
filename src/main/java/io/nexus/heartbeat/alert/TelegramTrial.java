package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.alert.BotApi.Reply;
import io.nexus.heartbeat.alert.Channel.Trial;
import io.nexus.heartbeat.api.Alerts.Telegram;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Fault;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/**
 * Whether a bot knows a chat, which Telegram tells without a message. That a person has blocked the
 * bot it tells only to a message.
 */
record TelegramTrial(BotApi api, Telegram telegram, URI apiUrl, String token) {

  /** Without the token. */
  @Override
  public String toString() {
    return "a trial of " + apiUrl;
  }

  /** Not even asked. */
  static Trial closed(String why) {
    return new Trial(why, "mend that; nobody is told until then", null);
  }

  Trial run(Deadline deadline) {
    try {
      var bot = api.getMe(apiUrl, token, deadline);
      if (!bot.ok()) {
        return refused(bot);
      }
      var chat = api.getChat(apiUrl, token, telegram.chatId(), deadline);
      return chat.ok()
          ? new Trial("bot " + bot.name() + " knows chat " + chat.name(), "", chat.at())
          : refused(chat);
    } catch (IOException e) {
      return new Trial(
          apiUrl.getHost() + ": " + TelegramChannel.masked(Fault.of(e).words(), token),
          "let this machine reach " + apiUrl + " (firewall, proxy), or mend apiUrl",
          null);
    }
  }

  private Trial refused(Reply reply) {
    if (!reply.refused()) {
      return new Trial(
          apiUrl.getHost() + " did not answer as the Bot API does, but with HTTP " + reply.status(),
          "mend apiUrl, or the proxy in between",
          null);
    }
    var said = "Telegram says '" + TelegramChannel.masked(reply.description(), token) + "'";
    return new Trial(said, fix(reply), reply.at());
  }

  private String fix(Reply reply) {
    return switch (reply.status()) {
      case 401, 404 ->
          "the bot token in "
              + telegram.botTokenFrom()
              + " is wrong or revoked: @BotFather shows it by /token";
      case 403 -> "add the bot to chat " + telegram.chatId() + " again, or unblock it there";
      case 429 -> "wait, and try again";
      default ->
          reply.description().toLowerCase(Locale.ROOT).contains("chat not found")
              ? "write /start to the bot, or add it to the group; or mend chatId "
                  + telegram.chatId()
              : "mend chatId " + telegram.chatId();
    };
  }
}
