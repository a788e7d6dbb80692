package io.nexus.heartbeat.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the Python watchdog is started on this host: by a systemd unit or by a line of a crontab.
 *
 * @param arguments of {@code python -m heartbeat.service}, variables in them not yet filled in
 * @param directory where it is started; null when that is not said
 * @param environment that the unit sets
 * @param environmentFiles that the unit names, in their order
 */
public record Predecessor(
    List<String> arguments,
    @Nullable Path directory,
    Map<String, String> environment,
    List<Path> environmentFiles) {
  private static final Pattern SERVICE = Pattern.compile("(?:.*/)?heartbeat/service\\.py");
  private static final Pattern SETTING =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
  private static final Pattern SECTION = Pattern.compile("(?m)^\\s*\\[[A-Z][a-z]+]\\s*$");
  private static final Pattern WORD =
      Pattern.compile("(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|\\\\(.)|([^\\s\"'\\\\]))");
  private static final Pattern OPERATOR = Pattern.compile("[0-9]*[<>].*|[|&;].*");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*))");

  /** Without what is secret. */
  @Override
  public String toString() {
    return "a Python watchdog in " + directory;
  }

  /** In the text of a unit or a crontab; empty where it is not started there. */
  public static Optional<Predecessor> in(String text) {
    var whole = text.replaceAll("\\\\\\r?\\n", " ");
    var found = new Finding(SECTION.matcher(text).find());
    whole.lines().filter(line -> !line.stripLeading().startsWith("#")).forEach(found::read);
    return Optional.ofNullable(found.arguments)
        .map(arguments -> new Predecessor(arguments, found.directory, found.set, found.files));
  }

  /**
   * The arguments with variables filled in. An option whose value is then empty is left out: it was
   * not given either.
   */
  public List<String> arguments(Map<String, String> variables) {
    var filled = new ArrayList<String>();
    for (var argument : arguments) {
      var text =
          VARIABLE
              .matcher(argument)
              .replaceAll(
                  found -> {
                    var name = found.group(1) == null ? found.group(2) : found.group(1);
                    return Matcher.quoteReplacement(variables.getOrDefault(name, ""));
                  });
      if (!text.isEmpty()) {
        filled.add(text);
      } else if (!filled.isEmpty() && filled.getLast().startsWith("--")) {
        filled.removeLast();
      }
    }
    return filled;
  }

  /** What was read so far. */
  private static final class Finding {
    private final Map<String, String> set = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();
    private @Nullable List<String> arguments;
    private @Nullable Path directory;
    private final boolean unit;

    Finding(boolean unit) {
      this.unit = unit;
    }

    void read(String line) {
      if (unit) {
        readUnit(line.replace("%%", "%")); // systemd.unit(5)
      } else {
        readCrontab(line.replace("\\%", "%")); // crontab(5)
      }
    }

    private void readCrontab(String line) {
      var setting = SETTING.matcher(line);
      if (setting.matches()) {
        set.put(setting.group(1), setting.group(2).strip().replaceAll("^([\"'])(.*)\\1$", "$2"));
      } else {
        command(words(line));
      }
    }

    private void readUnit(String line) {
      var setting = SETTING.matcher(line);
      var key = setting.matches() ? setting.group(1) : "";
      switch (key) {
        case "ExecStart" -> command(words(setting.group(2)));
        case "WorkingDirectory" -> directory = absolute(setting.group(2).strip());
        case "Environment" -> words(setting.group(2)).forEach(this::assign);
        case "EnvironmentFile" -> {
          var path = absolute(setting.group(2).strip().replaceFirst("^-", ""));
          if (path != null) {
            files.add(path);
          }
        }
        default -> {}
      }
    }

    private void assign(String word) {
      var equals = word.indexOf('=');
      if (equals > 0) {
        set.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }

    private void command(List<String> words) {
      for (var at = 0; at < words.size(); at++) {
        var word = words.get(at);
        var module = word.equals("heartbeat.service") && at > 0 && words.get(at - 1).equals("-m");
        if (module || SERVICE.matcher(word).matches()) {
          arguments = untilOperator(words.subList(at + 1, words.size()));
          var cd = words.subList(0, at).lastIndexOf("cd");
          if (cd >= 0 && cd + 1 < at) {
            directory = absolute(words.get(cd + 1));
          }
          return;
        }
      }
    }

    private static List<String> untilOperator(List<String> words) {
      var arguments = new ArrayList<String>();
      for (var word : words) {
        if (OPERATOR.matcher(word).matches()) {
          break;
        }
        arguments.add(word.endsWith(";") ? word.substring(0, word.length() - 1) : word);
        if (word.endsWith(";")) {
          break;
        }
      }
      return arguments;
    }
  }

  /** What systemd or a shell would fill in is not known here. */
  private static @Nullable Path absolute(String text) {
    var plain = text.replaceAll("[;\"']+$|^[\"']", "");
    return plain.startsWith("/") && !plain.matches("(?s).*[%$*\\x00].*") ? Path.of(plain) : null;
  }

  /** As a shell and systemd split a line, nearly. */
  private static List<String> words(String line) {
    var words = new ArrayList<String>();
    var matcher = WORD.matcher(line);
    var word = new StringBuilder();
    var end = -1;
    while (matcher.find()) {
      if (matcher.start() != end && end >= 0) {
        words.add(word.toString());
        word.setLength(0);
      }
      for (var group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          word.append(
              group == 1 ? matcher.group(1).replaceAll("\\\\(.)", "$1") : matcher.group(group));
        }
      }
      end = matcher.end();
    }
    if (end >= 0) {
      words.add(word.toString());
    }
    return words;
  }
}
