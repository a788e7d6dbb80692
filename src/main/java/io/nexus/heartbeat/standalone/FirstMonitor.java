package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.standalone.Doorbell.Door;
import io.nexus.heartbeat.standalone.Remarks.Remark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The monitor that a person begins with: what was configured for the Python watchdog, and what
 * answers here. What is configured is required; what was only looked for may be missing.
 */
public final class FirstMonitor {
  private static final String SECRET = "nexus";
  private static final Pattern CHAT = Pattern.compile("-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31}");
  private static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{10,200}");
  private static final int LONGEST = 1000;
  private static final Door OLLAMA = new Door("127.0.0.1", 11_434);
  private static final Door DCGM = new Door("127.0.0.1", 9400);
  private static final Door POSTGRES = new Door("127.0.0.1", 5432);

  private static final Map<String, Remark> COMMENTS =
      Map.of(
          "gateway-events", usual("Its WebSocket, where it has one."),
          "agents", usual("Work orders in progress that nobody touched for 5 minutes."),
          "budget", usual("Tokens of a day, from midnight UTC; timeZone sets another."),
          "disk", usual("As df counts, and its inodes; also told when it will be full."));

  private final Doorbell doorbell;
  private final Consumer<String> say;

  /**
   * @param say what is found on the way
   */
  public FirstMonitor(Dialer dialer, Deadlines deadlines, Consumer<String> say) {
    this.doorbell = new Doorbell(dialer, deadlines);
    this.say = say;
  }

  /**
   * Where the options come from.
   *
   * @param sources files and commands, for people
   * @param named targets that somebody configured: gateway, redis, postgres, ollama
   */
  public record Origin(List<String> sources, Set<String> named) {}

  /**
   * What is to be written.
   *
   * @param secrets by file, beside the monitor
   */
  public record Draft(String yaml, Map<Path, String> secrets) {
    /** Without what is secret. */
    @Override
    public String toString() {
      return yaml;
    }
  }

  /**
   * @param secrets the directory that {@code --secrets} will name
   * @throws NexusMonitor.Wrong the options make no monitor
   */
  public Draft of(NexusOptions options, Origin origin, Path secrets)
      throws NexusMonitor.Wrong, InterruptedException {
    var silent = silent(options);
    var doors = doors(options);
    var shut = doorbell.ring(doors);
    doors.forEach((name, door) -> say.accept(name + ": " + heard(door, shut.get(name))));
    hiddenFromTheService(options.disk()).ifPresent(say);
    Optional.ofNullable(options.restartUnit()).flatMap(FirstMonitor::missing).ifPresent(say);
    var dcgm = !shut.containsKey("gpu");
    var remarks =
        new Remarks(
            head(origin, secrets),
            remarks(options, origin.named(), doors, shut),
            silent.map(FirstMonitor::unheard).orElse(""),
            FirstMonitor::source,
            dcgm ? "http://" + DCGM + "/metrics" : null);
    var monitor = new NexusYaml(options.telling(silent.isEmpty()), remarks).monitor();
    var files = new LinkedHashMap<Path, String>();
    monitor
        .environment()
        .forEach(
            (variable, value) -> files.put(secrets.resolve(SECRET).resolve(key(variable)), value));
    return new Draft(monitor.yaml(), files);
  }

  /**
   * packaging/systemd/heartbeat.service has ProtectHome=yes; systemd.exec(5) says what that hides.
   */
  static Optional<String> hiddenFromTheService(Path disk) {
    var path = disk.toAbsolutePath().normalize();
    return Stream.of("/home", "/root", "/run/user").anyMatch(path::startsWith)
        ? Optional.of(
            "disk: the packaged service does not see "
                + path
                + "; systemctl edit heartbeat, and write [Service] and ProtectHome=read-only")
        : Optional.empty();
  }

  /** Where systemd.unit(5) says that units are. */
  private static Optional<String> missing(String unit) {
    var name = new SystemdRestart(unit).subject().name();
    return Stream.of("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib")
            .map(directory -> Path.of(directory, "systemd/system"))
            .anyMatch(
                directory ->
                    Files.exists(directory.resolve(name))
                        || Files.exists(directory.resolve(name.replaceFirst("@.*[.]", "@."))))
        ? Optional.empty()
        : Optional.of(
            "gateway: there is no unit "
                + name
                + " here, which is to be restarted; mend the name in the monitor, or take it out");
  }

  private static Map<String, Door> doors(NexusOptions options) {
    var doors = new LinkedHashMap<String, Door>();
    put(doors, "gateway", Door.of(LoginUrl.of(options.gatewayUrl()), 80));
    put(doors, "redis", Door.of(LoginUrl.of(options.redisUrl()), 6379));
    var database = options.postgresUrl();
    put(doors, "postgres", database == null ? POSTGRES : Door.of(LoginUrl.of(database), 5432));
    var ollama = options.ollamaUrl();
    put(doors, "ollama", ollama == null ? OLLAMA : Door.of(LoginUrl.of(ollama), 80));
    put(doors, "gpu", DCGM);
    return doors;
  }

  private static void put(Map<String, Door> doors, String name, @Nullable Door door) {
    if (door != null) {
      doors.put(name, door);
    }
  }

  private static String heard(Door door, @Nullable String shut) {
    return door + (shut == null ? " answers" : " does not answer: " + shut);
  }

  private static Map<String, Remark> remarks(
      NexusOptions options, Set<String> named, Map<String, Door> doors, Map<String, String> shut) {
    var remarks = new HashMap<>(COMMENTS);
    for (var name : List.of("gateway", "redis", "ollama")) {
      var door = doors.get(name);
      if (door != null) {
        remarks.put(name, remark(door, shut.get(name), named.contains(name)));
      }
    }
    var door = doors.get("postgres");
    if (options.postgresUrl() == null) {
      var why =
          (!shut.containsKey("postgres") ? "something answers at " : "nothing answers at ")
              + POSTGRES
              + ", and no DATABASE_URL was found";
      remarks.put("postgres", new Remark("Left out: " + why + ".", false, true));
      remarks.put("agents", new Remark("Left out: it needs postgres.", false, true));
      remarks.put("budget", new Remark("Left out: it needs postgres.", false, true));
    } else if (door != null) {
      remarks.put("postgres", remark(door, shut.get("postgres"), true));
    }
    remarks.put(
        "gpu",
        !shut.containsKey("gpu")
            ? new Remark("A DCGM exporter answered here.", false, false)
            : new Remark(
                "By nvidia-smi, where there is one: no DCGM exporter answered at " + DCGM + ".",
                true,
                false));
    return remarks;
  }

  private static Remark usual(String comment) {
    return new Remark(comment, false, false);
  }

  private static Remark remark(Door door, @Nullable String shut, boolean named) {
    if (shut == null) {
      return new Remark("It answered here, at " + door + ".", false, false);
    }
    var why = "It did not answer at " + door + ": " + shut;
    return named
        ? new Remark(why + ". It was configured, so it is required.", false, false)
        : new Remark(
            why + ". Optional until it is seen well once; take that out if it must be there.",
            true,
            false);
  }

  /** Why nobody can be told; empty when a chat can. */
  private static Optional<String> silent(NexusOptions options) {
    return missing("TELEGRAM_BOT_TOKEN", options.telegramToken(), TOKEN, "a bot's token")
        .or(() -> missing("TELEGRAM_CHAT_ID", options.telegramChatId(), CHAT, "a chat's id"));
  }

  private static Optional<String> missing(
      String variable, @Nullable String value, Pattern form, String what) {
    if (value == null) {
      return Optional.of("no " + variable + " was found");
    }
    return form.matcher(value.strip()).matches()
        ? Optional.empty()
        : Optional.of(variable + " is not " + what);
  }

  private static String unheard(String why) {
    return Remarks.commented(
            """
            Nobody is told of anything: %s. To tell a Telegram chat:
            alerts:
              receivers:
              - name: telegram
                telegram: {chatId: "987654321", botTokenFrom: %s}
            """
                .formatted(why, source("TELEGRAM_BOT_TOKEN")))
        .indent(2);
  }

  private static String head(Origin origin, Path secrets) {
    var from = origin.sources().isEmpty() ? "what answers on this host" : "";
    return "The NEXUS monitor, written by heartbeat init from "
        + (from.isEmpty() ? Plain.text(String.join(", ", origin.sources()), LONGEST) : from)
        + """
        .
        It is yours now. 'heartbeat validate' finds mistakes in it, docs/monitor.md says what else can be watched.
        Its secrets are files, not in here: --secrets\s"""
        + Plain.text(secrets.toString(), LONGEST);
  }

  private static String source(String variable) {
    return "{secretKeyRef: {name: %s, key: %s}}".formatted(SECRET, key(variable));
  }

  private static String key(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
