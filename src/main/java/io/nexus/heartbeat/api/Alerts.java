package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told. Kubernetes Events are always written.
 *
 * @param receivers Who is told, and by which channel; at most 20.
 */
@Wire
@ValidationRule(
    value = "!has(self.receivers) || self.receivers.filter(r, has(r.events)).size() <= 1",
    message = "at most one receiver can set events: there is one record of Kubernetes Events",
    fieldPath = ".receivers")
public record Alerts(@Size(max = 20) @ListMap("name") List<Receiver> receivers) {
  public static final Alerts DEFAULT = new Alerts(List.of());

  public Alerts {
    receivers = List.copyOf(requireNonNullElse(receivers, List.of()));
  }

  /**
   * Exactly one channel ({@code telegram}, {@code events}) is set.
   *
   * @param name Its name in this monitor.
   * @param minimumLevel The least level that is told: Degraded, Unknown or Critical.
   * @param telegram A chat, through the Telegram Bot API.
   * @param events Kubernetes Events on the monitor. They are always written; named here only to set
   *     a minimumLevel for them. Without Kubernetes, lines of the log.
   */
  @Wire
  @ValidationRule(
      value = "[has(self.telegram), has(self.events)].exists_one(k, k)",
      message = "exactly one of telegram and events must be set")
  @ValidationRule(
      value = "self.name != 'events' || has(self.events)",
      message = "the name events is kept for Kubernetes Events, which are always written",
      fieldPath = ".name")
  public record Receiver(
      @Required @Label String name,
      @Default("Degraded") @Among({"Degraded", "Unknown", "Critical"}) Level minimumLevel,
      @Nullable Telegram telegram,
      @Nullable Events events) {
    public Receiver {
      minimumLevel = requireNonNullElse(minimumLevel, Level.Degraded);
    }
  }

  /**
   * A chat, through the Telegram Bot API.
   *
   * @param chatId A number in quotes, such as "-1001234567890", or @channel.
   * @param botTokenFrom The bot's token, as BotFather gave it.
   * @param apiUrl The Bot API's address; set it for a server of your own.
   * @param allowedUsers Who may approve steps and acknowledge incidents by the buttons under a
   *     message: their Telegram user ids, numbers in quotes, such as "987654321"; at most 50.
   *     Nobody by default, and then there are no buttons, and the bot's updates are not asked for.
   *     With buttons nobody else can ask for them, so the bot should be Heartbeat's alone.
   */
  @Wire
  public record Telegram(
      @Required @Pattern("^(-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})$") @Size(min = 1, max = 33) String chatId,
      @Required ValueFrom botTokenFrom,
      @Default("https://api.telegram.org")
          @Pattern("^https?://[^/\\s?#@]+[^\\s?#]*$") @Size(min = 8, max = 1024)
          @ValidationRule(
              value = "!self.matches('^[a-z]+://[^/?#]*@')",
              message = "a URL here cannot hold a user or password")
          @ValidationRule(
              value = Urls.HAS_HOST,
              message = Urls.HAS_HOST_MESSAGE + "https://api.telegram.org")
          String apiUrl,
      // A user's id has at most 52 bits (core.telegram.org/bots/api#user).
      @Size(max = 50) @ListSet
          List<@Pattern("^[1-9][0-9]{0,15}$") @Size(min = 1, max = 16) String> allowedUsers) {
    public Telegram {
      apiUrl = requireNonNullElse(apiUrl, "https://api.telegram.org");
      allowedUsers = List.copyOf(requireNonNullElse(allowedUsers, List.of()));
    }
  }

  /** Kubernetes Events on the monitor; named only to set a {@code minimumLevel} for them. */
  @Wire
  public record Events() {}
}
