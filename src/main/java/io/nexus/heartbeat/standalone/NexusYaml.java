package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.GoDuration;
import io.nexus.heartbeat.api.validation.Finding;
import io.nexus.heartbeat.api.validation.MonitorFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The NEXUS monitor on its way from options to YAML, with what is secret put aside. */
final class NexusYaml {
  private static final String DATABASE = "DATABASE_URL";
  private static final String REDIS = "REDIS_PASSWORD";
  private static final String GATEWAY = "GATEWAY_AUTHORIZATION";
  private static final String TELEGRAM = "TELEGRAM_BOT_TOKEN";
  private static final String OLLAMA = "http://localhost:11434";

  private final NexusOptions options;
  private final Remarks remarks;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> secrets = new ArrayList<>();

  NexusYaml(NexusOptions options, Remarks remarks) {
    this.options = options;
    this.remarks = remarks;
  }

  NexusMonitor monitor() throws NexusMonitor.Wrong {
    var yaml =
        """
        apiVersion: heartbeat.nexus.io/v1alpha1
        kind: HeartbeatMonitor
        metadata: {name: nexus}
        spec:
          interval: %s
          targets:
        %s
          recovery: {mode: %s}
        %s"""
            .formatted(
                GoDuration.format(options.interval()),
                targets().stripTrailing().indent(2).stripTrailing(),
                options.recovery() ? "Auto" : "Disabled",
                alerts());
    yaml = head() + yaml;
    var file = MonitorFile.parse("options", yaml);
    if (!file.findings().isEmpty()) {
      throw new NexusMonitor.Wrong(
          file.findings().stream().map(NexusYaml::words).collect(Collectors.joining("\n")));
    }
    return new NexusMonitor(file.monitors().getFirst(), yaml, environment, secrets);
  }

  /** Its line is of a file that nobody has. */
  private static String words(Finding finding) {
    return "the options make no monitor: " + finding.fieldPath() + ": " + finding.message();
  }

  private String head() {
    if (remarks.head() != null) {
      return Remarks.commented(remarks.head());
    }
    var variables =
        environment.isEmpty()
            ? ""
            : "# It reads "
                + String.join(", ", environment.keySet())
                + " from the environment: systemd's EnvironmentFile= sets it from a file.\n";
    return variables
        + "# The NEXUS monitor, as the options of the Python watchdog say it. To go on without them:"
        + " heartbeat run -f FILE\n";
  }

  /** What regenerates or is old; at Critical what is less old, too. */
  private static final String CLEANUP =
      """
      repair:
      - cleanup:
          paths:
          - {path: logs, match: '*.log', olderThan: 168h}
          - {path: reports, olderThan: 720h}
          - {path: ., match: __pycache__}
        minimumLevel: Degraded
      - cleanup:
          paths:
          - {path: logs, match: '*.log', olderThan: 24h}
          - {path: reports, olderThan: 168h}
          - {path: ., match: __pycache__}
      """;

  private String targets() throws NexusMonitor.Wrong {
    return gateway() + redis() + database() + ollama() + gpu() + disk();
  }

  private String target(String name, boolean optional, String body) {
    var remark = remarks.of(name);
    var written =
        "- name: "
            + name
            + "\n"
            + (optional || remark.optional() ? "  optional: true\n" : "")
            + body.stripTrailing().indent(2);
    return Remarks.commented(remark.comment())
        + (remark.leftOut() ? Remarks.commented(written) : written);
  }

  private String gateway() throws NexusMonitor.Wrong {
    var url = web("--gateway-url", options.gatewayUrl());
    var base = url.withoutLogin().replaceAll("/+$", "");
    var headers = "";
    if (!url.user().isEmpty() || !url.password().isEmpty()) {
      var login = (url.user() + ":" + url.password()).getBytes(StandardCharsets.UTF_8);
      keep(GATEWAY, "Basic " + Base64.getEncoder().encodeToString(login));
      headers =
          ", headers: [{name: Authorization, valueFrom: %s}]"
              .formatted(remarks.source().apply(GATEWAY));
    }
    var events = quoted(base.replaceFirst("^http", "ws") + "/ws");
    return target(
            "gateway",
            false,
            "http: {url: %s%s}".formatted(quoted(base + "/health"), headers) + restart())
        + target(
            "gateway-events",
            true,
            "dependsOn: [gateway]\nwebSocket: {url: %s%s}".formatted(events, headers));
  }

  private String restart() {
    var unit = options.restartUnit();
    return unit == null ? "" : "\nrepair: [{systemdRestart: {unit: %s}}]".formatted(quoted(unit));
  }

  private String redis() throws NexusMonitor.Wrong {
    var url = parsed("--redis-url", options.redisUrl(), "redis://localhost:6379/0");
    // After its # a sentinel URL has the name of the master.
    var sentinels = url.scheme().matches("rediss?-sentinel");
    if (url.place().matches(sentinels ? ".*[@?].*" : ".*[@?#].*")) {
      throw new NexusMonitor.Wrong(
          "--redis-url takes no parameters, and a @ in its password is best written %40; right"
              + " would be redis://:password@localhost:6379/0");
    }
    var user = url.user().isEmpty() ? "" : ", username: " + quoted(url.user());
    var password = "";
    if (!url.password().isEmpty()) {
      keep(REDIS, url.password());
      password = ", passwordFrom: " + remarks.source().apply(REDIS);
    }
    return target(
        "redis",
        false,
        """
        redis: {url: %s%s%s}
        thresholds: [{measurement: memoryPercent, degraded: 80, critical: 95}]
        """
            .formatted(quoted(url.withoutLogin()), user, password));
  }

  private String database() throws NexusMonitor.Wrong {
    var given = options.postgresUrl();
    if (given != null) {
      var url =
          parsed("--postgres-url, or DATABASE_URL,", given, "postgresql://localhost:5432/nexus");
      if (!url.scheme().matches("postgres(ql)?([+].*)?")) {
        throw new NexusMonitor.Wrong(
            "--postgres-url, or DATABASE_URL, must begin with postgresql://");
      }
      // SQLAlchemy names its driver in the scheme.
      var plain =
          new LoginUrl(
              url.scheme().replaceFirst("[+].*", ""),
              url.user(),
              url.password(),
              url.written(),
              url.place());
      environment.put(DATABASE, plain.encoded());
    }
    var optional = given == null;
    var budget =
        "tokenBudget: {database: postgres, dailyLimit: %d}".formatted(options.dailyTokens());
    return target(
            "postgres",
            optional,
            """
            postgres:
              urlFrom: %s
              queries: [{name: work_orders, sql: SELECT count(*) FROM work_orders}]
            """
                .formatted(remarks.source().apply(DATABASE)))
        + target("agents", optional, "agents: {database: postgres, stuckAfter: 5m}")
        + (options.dailyTokens() == 0 ? "" : target("budget", optional, budget));
  }

  private String ollama() throws NexusMonitor.Wrong {
    var named = options.ollamaUrl();
    var url = web("--ollama-url", named == null ? OLLAMA : named);
    if (!url.user().isEmpty() || !url.password().isEmpty()) {
      throw new NexusMonitor.Wrong("--ollama-url cannot hold a user or password");
    }
    return target(
        "ollama", named == null, "ollama: {url: %s}".formatted(quoted(url.withoutLogin())));
  }

  private String gpu() {
    var dcgm = remarks.dcgm();
    return target(
        "gpu",
        dcgm == null,
        dcgm == null ? "gpu: {nvidiaSmi: {}}" : "gpu: {url: %s}".formatted(quoted(dcgm)));
  }

  private String disk() {
    var path = options.disk().toAbsolutePath().normalize();
    return target(
        "disk",
        false,
        "disk: {path: %s, degraded: 85%%, critical: 95%%}".formatted(quoted(path.toString()))
            + (path.getNameCount() == 0 ? "" : "\n" + CLEANUP));
  }

  private String alerts() throws NexusMonitor.Wrong {
    if (!options.telegram()) {
      return remarks.unheard();
    }
    var token = present(options.telegramToken(), "a bot token: --telegram-token", TELEGRAM);
    var chat = present(options.telegramChatId(), "a chat: --telegram-chat-id", "TELEGRAM_CHAT_ID");
    keep(TELEGRAM, token);
    return """
          alerts:
            receivers:
            - name: telegram
              telegram: {chatId: %s, botTokenFrom: %s}
        """
        .formatted(quoted(chat), remarks.source().apply(TELEGRAM));
  }

  private static String present(@Nullable String value, String what, String variable)
      throws NexusMonitor.Wrong {
    if (value == null || value.isBlank()) {
      throw new NexusMonitor.Wrong(
          "--enable-telegram needs " + what + ", or " + variable + " in the environment or .env");
    }
    return value.strip();
  }

  private LoginUrl web(String option, String text) throws NexusMonitor.Wrong {
    var url = parsed(option, text, "http://localhost:8000");
    if (!url.scheme().equals("http") && !url.scheme().equals("https")) {
      throw new NexusMonitor.Wrong(option + " must begin with http:// or https://");
    }
    return url;
  }

  private LoginUrl parsed(String option, String text, String right) throws NexusMonitor.Wrong {
    var url = LoginUrl.of(text.strip());
    secrets.addAll(url.secrets());
    if (url.scheme().isEmpty() || url.place().isEmpty()) {
      throw new NexusMonitor.Wrong(option + " is no URL, such as " + right);
    }
    return url;
  }

  private void keep(String variable, String value) {
    environment.put(variable, value);
    secrets.add(value);
  }

  /** As JSON writes a string, which is YAML too. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < 0x20 || c == 0x7f) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
