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
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> secrets = new ArrayList<>();

  NexusYaml(NexusOptions options) {
    this.options = options;
  }

  NexusMonitor monitor() throws NexusMonitor.Wrong {
    var yaml =
        """
        # The NEXUS monitor, as the options of the Python watchdog say it. To go on without them: heartbeat run -f FILE
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
    yaml = variables() + yaml;
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

  private String variables() {
    return environment.isEmpty()
        ? ""
        : "# It reads "
            + String.join(", ", environment.keySet())
            + " from the environment: systemd's EnvironmentFile= sets it from a file.\n";
  }

  private String targets() throws NexusMonitor.Wrong {
    return gateway() + redis() + database() + ollama() + gpu() + disk();
  }

  private String gateway() throws NexusMonitor.Wrong {
    var url = web("--gateway-url", options.gatewayUrl());
    var base = url.withoutLogin().replaceAll("/+$", "");
    var headers = "";
    if (!url.user().isEmpty() || !url.password().isEmpty()) {
      var login = (url.user() + ":" + url.password()).getBytes(StandardCharsets.UTF_8);
      keep(GATEWAY, "Basic " + Base64.getEncoder().encodeToString(login));
      headers =
          ", headers: [{name: Authorization, valueFrom: {env: {name: %s}}}]".formatted(GATEWAY);
    }
    return """
        - name: gateway
          http: {url: %s%s}
        - name: gateway-events
          optional: true
          dependsOn: [gateway]
          webSocket: {url: %s%s}
        """
        .formatted(
            quoted(base + "/health"),
            headers,
            quoted(base.replaceFirst("^http", "ws") + "/ws"),
            headers);
  }

  private String redis() throws NexusMonitor.Wrong {
    var url = parsed("--redis-url", options.redisUrl());
    if (url.place().matches(".*[@?#].*")) {
      throw new NexusMonitor.Wrong(
          "--redis-url takes no parameters, and a @ in its password is best written %40; right"
              + " would be redis://:password@localhost:6379/0");
    }
    var user = url.user().isEmpty() ? "" : ", username: " + quoted(url.user());
    var password = "";
    if (!url.password().isEmpty()) {
      keep(REDIS, url.password());
      password = ", passwordFrom: {env: {name: %s}}".formatted(REDIS);
    }
    return """
        - name: redis
          redis: {url: %s%s%s}
          thresholds: [{measurement: memoryPercent, degraded: 80, critical: 95}]
        """
        .formatted(quoted(url.withoutLogin()), user, password);
  }

  private String database() {
    var given = options.postgresUrl();
    if (given != null) {
      var url = LoginUrl.of(given);
      secrets.addAll(url.secrets());
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
    var optional = given == null ? "\n  optional: true" : "";
    var budget =
        """
        - name: budget%s
          tokenBudget: {database: postgres, dailyLimit: %d}
        """
            .formatted(optional, options.dailyTokens());
    return """
        - name: postgres%s
          postgres:
            urlFrom: {env: {name: %s}}
            queries: [{name: work_orders, sql: SELECT count(*) FROM work_orders}]
        - name: agents%s
          agents: {database: postgres, stuckAfter: 5m}
        """
            .formatted(optional, DATABASE, optional)
        + (options.dailyTokens() == 0 ? "" : budget);
  }

  private String ollama() throws NexusMonitor.Wrong {
    var named = options.ollamaUrl();
    var url = web("--ollama-url", named == null ? OLLAMA : named);
    if (!url.user().isEmpty() || !url.password().isEmpty()) {
      throw new NexusMonitor.Wrong("--ollama-url cannot hold a user or password");
    }
    return """
        - name: ollama%s
          ollama: {url: %s}
        """
        .formatted(named == null ? "\n  optional: true" : "", quoted(url.withoutLogin()));
  }

  private static String gpu() {
    return """
        - name: gpu
          optional: true
          gpu: {nvidiaSmi: {}}
        """;
  }

  private String disk() {
    return """
        - name: disk
          disk: {path: %s, degraded: 85%%, critical: 95%%}
        """
        .formatted(quoted(options.disk().toAbsolutePath().normalize().toString()));
  }

  private String alerts() throws NexusMonitor.Wrong {
    if (!options.telegram()) {
      return "";
    }
    var token = present(options.telegramToken(), "a bot token: --telegram-token", TELEGRAM);
    var chat = present(options.telegramChatId(), "a chat: --telegram-chat-id", "TELEGRAM_CHAT_ID");
    keep(TELEGRAM, token);
    return """
          alerts:
            receivers:
            - name: telegram
              telegram: {chatId: %s, botTokenFrom: {env: {name: %s}}}
        """
        .formatted(quoted(chat), TELEGRAM);
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
    var url = parsed(option, text);
    if (!url.scheme().equals("http") && !url.scheme().equals("https")) {
      throw new NexusMonitor.Wrong(option + " must begin with http:// or https://");
    }
    return url;
  }

  private LoginUrl parsed(String option, String text) throws NexusMonitor.Wrong {
    var url = LoginUrl.of(text.strip());
    secrets.addAll(url.secrets());
    if (url.scheme().isEmpty() || url.place().isEmpty()) {
      throw new NexusMonitor.Wrong(option + " is no URL, such as http://localhost:8000");
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
