package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is told. Kubernetes Events are always written. */
public record Alerts(List<Receiver> receivers) {
  public static final Alerts DEFAULT = new Alerts(List.of());

  public Alerts {
    receivers = List.copyOf(requireNonNullElse(receivers, List.of()));
  }

  /** Exactly one channel ({@code telegram}, {@code events}) is set. */
  public record Receiver(
      String name, Level minimumLevel, @Nullable Telegram telegram, @Nullable Events events) {
    public Receiver {
      minimumLevel = requireNonNullElse(minimumLevel, Level.Degraded);
    }
  }

  /**
   * A chat, through the Telegram Bot API.
   *
   * @param chatId a number, or {@code @channel}
   * @param apiUrl for a Bot API server of one's own
   */
  public record Telegram(String chatId, ValueFrom botTokenFrom, String apiUrl) {
    public Telegram {
      apiUrl = requireNonNullElse(apiUrl, "https://api.telegram.org");
    }
  }

  /** Kubernetes Events on the monitor; named only to set a {@code minimumLevel} for them. */
  public record Events() {}
}
