package io.nexus.heartbeat.alert;

import io.nexus.heartbeat.api.Alerts.Telegram;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.MonitorState.Happening;
import io.nexus.heartbeat.api.MonitorState.Happening.Kind;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.decide.Choices;
import io.nexus.heartbeat.decide.Notice;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.VettedDialer;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.secret.SecretValue;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the tests of this package tell, and by what. */
final class Fixture {
  static final String TOKEN = "123456:ABC-DEF_ghijklmnopqrstuvwxyz";
  static final Instant OPENED = Instant.parse("2026-11-23T03:00:00Z");

  private Fixture() {}

  static TelegramChannel telegram(String apiUrl, String chatId, String token) {
    return telegram(apiUrl, chatId, token, "nexus");
  }

  static TelegramChannel telegram(String apiUrl, String chatId, String token, String namespace) {
    return telegram(apiUrl, chatId, token, namespace, List.of());
  }

  static TelegramChannel telegram(
      String apiUrl, String chatId, String token, String namespace, List<String> allowedUsers) {
    var from = new ValueFrom(new SecretKeyRef("telegram", "token"));
    return new TelegramChannel(
        new Telegram(chatId, from, apiUrl, allowedUsers),
        namespace,
        (_, _) -> SecretValue.of(token),
        new Http(new Tls(Clock.systemUTC()), "test"),
        VettedDialer.ofThisMachine(AddressPolicy.host()));
  }

  static Notice notice(String incident, int from, int to) {
    return notice(incident, "timed out after 5 s", from, to, null);
  }

  static Notice notice(
      String incident, String cause, int from, int to, @Nullable String lastMessageId) {
    var news = new ArrayList<Happening>();
    for (var seq = from; seq <= to; seq++) {
      var kind = seq == 1 ? Kind.Opened : Kind.RepairFailed;
      news.add(new Happening(seq, kind, Level.Critical, OPENED.plusSeconds(seq), "news " + seq));
    }
    return new Notice(
        "nexus/nexus",
        "ops",
        incident,
        "gateway",
        Level.Critical,
        cause,
        "restart Deployment gateway is under way",
        OPENED,
        null,
        news,
        lastMessageId,
        Choices.NONE);
  }

  static Notice with(Notice open, Choices choices) {
    return new Notice(
        open.monitor(),
        open.receiver(),
        open.incident(),
        open.target(),
        open.level(),
        open.cause(),
        open.remedy(),
        open.openedAt(),
        open.resolvedAt(),
        open.news(),
        open.lastMessageId(),
        choices);
  }

  /** With this as the only news. */
  static Notice with(Notice open, Happening last) {
    return new Notice(
        open.monitor(),
        open.receiver(),
        open.incident(),
        open.target(),
        open.level(),
        open.cause(),
        open.remedy(),
        open.openedAt(),
        null,
        List.of(last),
        open.lastMessageId(),
        open.choices());
  }

  static Notice resolved(Notice open) {
    return new Notice(
        open.monitor(),
        open.receiver(),
        open.incident(),
        open.target(),
        Level.Healthy,
        open.cause(),
        "",
        open.openedAt(),
        open.openedAt().plusSeconds(250),
        open.news(),
        open.lastMessageId(),
        open.choices());
  }
}
