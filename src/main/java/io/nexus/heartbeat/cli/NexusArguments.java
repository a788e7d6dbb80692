package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.standalone.DotEnv;
import io.nexus.heartbeat.standalone.FileFault;
import io.nexus.heartbeat.standalone.NexusMonitor;
import io.nexus.heartbeat.standalone.NexusOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the Python watchdog, which say the NEXUS monitor where no file does. */
final class NexusArguments {
  private static final long LONGEST_INTERVAL = 86_400;

  @Option(names = "--print-monitor", description = "Print the monitor as YAML for -f, and exit.")
  boolean printMonitor;

  @Option(
      names = "--check-interval",
      paramLabel = "SECONDS",
      description = "Between two looks at a target; default 30.")
  private long checkInterval = 30;

  @Option(
      names = "--gateway-url",
      paramLabel = "URL",
      description = "Its /health is asked and its /ws opened; default http://localhost:8000.")
  private String gatewayUrl = "http://localhost:8000";

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "Default redis://localhost:6379/0.")
  private String redisUrl = "redis://localhost:6379/0";

  @Option(
      names = "--postgres-url",
      paramLabel = "URL",
      description = "The database of work_orders and agent_metrics; default $DATABASE_URL.")
  private @Nullable String postgresUrl;

  @Option(
      names = "--ollama-url",
      paramLabel = "URL",
      description = "Default http://localhost:11434, and then it may be missing.")
  private @Nullable String ollamaUrl;

  @Option(
      names = "--daily-token-limit",
      paramLabel = "TOKENS",
      description = "The token budget of a day, 0 for none; default 1000000.")
  private long dailyTokens = 1_000_000;

  @Option(
      names = "--telegram-token",
      paramLabel = "TOKEN",
      description = "Default $TELEGRAM_BOT_TOKEN, where other users of the machine do not see it.")
  private @Nullable String telegramToken;

  @Option(
      names = "--telegram-chat-id",
      paramLabel = "ID",
      description = "Default $TELEGRAM_CHAT_ID.")
  private @Nullable String telegramChatId;

  @Option(names = "--enable-telegram", description = "Tell a Telegram chat; only run tells.")
  boolean enableTelegram;

  @Option(
      names = "--enable-recovery",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Repair what can be repaired; on by default: with --project-root disks are cleaned up, with"
              + " --enable-restart the gateway is restarted.")
  private boolean enableRecovery = true;

  @Option(
      names = "--enable-restart",
      description =
          "Restart the gateway's systemd unit when it is down; what that needs says"
              + " docs/recovery-host.md.")
  private boolean enableRestart;

  @Option(
      names = "--restart-unit",
      paramLabel = "UNIT",
      description = "Of --enable-restart; default nexus-gateway.")
  private String restartUnit = "nexus-gateway";

  @Option(
      names = "--project-root",
      paramLabel = "DIR",
      description =
          "Where NEXUS is: its .env is read, else the one here, and its disk watched, else that of /;"
              + " when that fills up, old logs and reports and each __pycache__ are deleted there,"
              + " but for what git tracks.")
  private @Nullable Path projectRoot;

  /** The monitor, and the environment in which its secrets are found. */
  record Built(NexusMonitor monitor, Map<String, String> environment) {}

  /**
   * @param environment of the process; it wins over the .env
   * @throws Failure the options make no monitor
   */
  Built build(Map<String, String> environment, PrintWriter err, Mask mask) {
    if (checkInterval < 1 || checkInterval > LONGEST_INTERVAL) {
      throw new Failure(
          ExitCode.USAGE, "--check-interval must be 1 to " + LONGEST_INTERVAL + " seconds");
    }
    if (projectRoot != null && !Files.isDirectory(projectRoot)) {
      throw new Failure(ExitCode.USAGE, "--project-root: there is no directory " + projectRoot);
    }
    var all = new HashMap<>(dotEnv(environment, err));
    environment.forEach(
        (name, value) -> {
          if (!value.isBlank() || !all.containsKey(name)) {
            all.put(name, value);
          }
        });
    try {
      var monitor = NexusMonitor.of(options(all));
      monitor.secrets().forEach(mask::learn);
      all.putAll(monitor.environment());
      return new Built(monitor, all);
    } catch (NexusMonitor.Wrong e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  /** Where NEXUS is; null where that is not known. */
  void in(@Nullable Path root) {
    projectRoot = root;
  }

  void redisAt(String url) {
    redisUrl = url;
  }

  NexusOptions options(Map<String, String> environment) {
    return new NexusOptions(
        Duration.ofSeconds(checkInterval),
        gatewayUrl,
        redisUrl,
        given(postgresUrl, environment.get("DATABASE_URL")),
        ollamaUrl,
        dailyTokens,
        enableTelegram,
        given(telegramToken, environment.get("TELEGRAM_BOT_TOKEN")),
        given(telegramChatId, environment.get("TELEGRAM_CHAT_ID")),
        enableRecovery,
        enableRestart ? restartUnit : null,
        projectRoot == null ? Path.of("/") : projectRoot);
  }

  private static @Nullable String given(@Nullable String option, @Nullable String otherwise) {
    return option != null ? option : otherwise == null || otherwise.isBlank() ? null : otherwise;
  }

  /** The .env of NEXUS, else the one here. */
  Optional<Path> dotEnvFile() {
    var here = Path.of(".env");
    return Stream.of(projectRoot == null ? here : projectRoot.resolve(".env"), here)
        .filter(Files::exists)
        .findFirst();
  }

  Map<String, String> dotEnv(Map<String, String> environment, PrintWriter err) {
    var found = dotEnvFile();
    if (found.isEmpty()) {
      return Map.of();
    }
    var file = found.get();
    try {
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
      var read = DotEnv.parse(text, environment);
      // Not what stands there: it may be a secret.
      read.passedOver()
          .forEach(
              line ->
                  err.println("heartbeat: " + file + ":" + line + ": passed over: not NAME=value"));
      return read.values();
    } catch (IOException e) {
      throw new Failure(ExitCode.CONFIG, "cannot read " + file + ": " + FileFault.of(file, e));
    }
  }
}
