package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.api.Cleanup;
import io.nexus.heartbeat.api.GoDuration;
import io.nexus.heartbeat.cleanup.BadPlan;
import io.nexus.heartbeat.cleanup.Cleaner;
import io.nexus.heartbeat.cleanup.Plan;
import io.nexus.heartbeat.cleanup.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "cleanup",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes old files below a directory, for example: heartbeat cleanup --root /srv/nexus"
          + " --path logs --match '*.log' --older-than 168h --path reports --older-than 720h"
          + " --dry-run",
      "No symbolic link is followed and no mount crossed. What git tracks stays, and so do the newest"
          + " files, and those that changed in the last 5 minutes or are seen to be open for writing.",
      "Exit code 0: what should go is gone; 1: some of it is not, by a fault or because time was up;"
          + " 64: usage; 69: it cannot be done here; 78: the plan is wrong."
    })
final class CleanupCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final int NOT_WHOLE = 1;

  /** Kubernetes keeps so much of a termination message. */
  private static final int LONGEST_RESULT = 4096;

  @Option(
      names = "--root",
      required = true,
      paramLabel = "DIR",
      description = "Nothing outside of it is touched.")
  private Path root = Path.of("");

  @ArgGroup(exclusive = false, multiplicity = "0..*")
  private final List<Where> places = new ArrayList<>(); // to which picocli adds

  @Option(
      names = "--plan",
      paramLabel = "JSON",
      description =
          "What a monitor has under cleanup, instead of --path, --keep and --keep-newest.")
  private @Nullable String json;

  @Option(
      names = "--keep",
      paramLabel = "GLOB",
      description =
          "What stays: without a slash the name of a file or directory, with one a path below the"
              + " root, where ** stands for any number of directories. Repeatable.")
  private List<String> keep = List.of();

  @Option(
      names = "--keep-newest",
      paramLabel = "NUMBER",
      defaultValue = "3",
      description =
          "So many of the newest files that each --path means stay; default ${DEFAULT-VALUE}.")
  private int keepNewest = 3;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      defaultValue = "10m",
      converter = DurationText.class,
      description = "Then it ends, where it is; default ${DEFAULT-VALUE}.")
  private Duration deadline = Duration.ofMinutes(10);

  @Option(
      names = "--dry-run",
      description = "Prints what would be deleted, each path in a line, and deletes nothing.")
  private boolean dryRun;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private CleanupReport.Format format = CleanupReport.Format.text;

  @Option(
      names = "--result",
      paramLabel = "FILE",
      description =
          "Where the result is written besides, as JSON of at most 4096 bytes, such as a container's"
              + " /dev/termination-log.")
  private @Nullable Path result;

  @Spec private @Nullable CommandSpec spec;

  /** One --path with what belongs to it. */
  static final class Where {
    @Option(
        names = "--path",
        required = true,
        paramLabel = "PATH",
        description =
            "A directory below the root, or . for the root itself. Repeatable, each with what follows"
                + " it.")
    private String path = "";

    @Option(
        names = "--match",
        paramLabel = "GLOB",
        description =
            "The names of the files there and below, with * and ?; or __pycache__, .pytest_cache,"
                + " .mypy_cache or .ruff_cache: directories with all that is in them.")
    private @Nullable String match;

    @Option(
        names = "--older-than",
        paramLabel = "DURATION",
        converter = DurationText.class,
        description =
            "So long ago they must have changed last, such as 168h; required but for those"
                + " directories.")
    private @Nullable Duration olderThan;

    private Cleanup.Place place() {
      return new Cleanup.Place(path, match, olderThan);
    }
  }

  /** As in the resource. */
  static final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return GoDuration.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() {
    var line = Objects.requireNonNull(spec).commandLine();
    var plan = plan(line);
    var report = CleanupReport.of(format, dryRun, line.getOut());
    try {
      var done = new Cleaner(InstantSource.system()).clean(root, plan, deadline, dryRun, report);
      report.end(done);
      line.getOut().flush();
      write(done);
      return done.isWhole() ? 0 : NOT_WHOLE;
    } catch (Cleaner.CannotClean e) {
      throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private Plan plan(CommandLine line) {
    if (json == null) {
      if (places.isEmpty()) {
        throw new ParameterException(line, "what is to be deleted? Say --path, or --plan");
      }
      var wanted = new Cleanup(places.stream().map(Where::place).toList(), keep, keepNewest);
      try {
        return Plan.of(wanted);
      } catch (BadPlan e) {
        throw new ParameterException(line, e.getMessage());
      }
    }
    if (!places.isEmpty()
        || !keep.isEmpty()
        || line.getParseResult().hasMatchedOption("--keep-newest")) {
      throw new ParameterException(line, "--plan has it all; leave --path and --keep away");
    }
    try {
      var tree = JSON.readTree(json);
      refuseUnknown(tree, Set.of("paths", "keep", "keepNewest"));
      for (var path : tree.path("paths")) {
        refuseUnknown(path, Set.of("path", "match", "olderThan"));
        if (path.has("olderThan")) {
          GoDuration.parse(path.path("olderThan").asText()); // Jackson's words would be of classes
        }
      }
      return Plan.of(JSON.treeToValue(tree, Cleanup.class));
    } catch (BadPlan | IllegalArgumentException e) {
      throw new Failure(ExitCode.CONFIG, "--plan: " + e.getMessage());
    } catch (JsonProcessingException e) {
      throw new Failure(ExitCode.CONFIG, "--plan: " + e.getOriginalMessage());
    }
  }

  /** What is misspelt would keep nothing. */
  private static void refuseUnknown(JsonNode tree, Set<String> known) {
    for (var field : tree.properties()) {
      if (!known.contains(field.getKey())) {
        throw new Failure(
            ExitCode.CONFIG,
            "--plan: '%s' is not known; there are %s"
                .formatted(field.getKey(), String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  private void write(Result done) {
    if (result == null) {
      return;
    }
    try {
      var text = CleanupReport.oneLine(done);
      for (var left = done.remarks().size();
          text.getBytes(UTF_8).length > LONGEST_RESULT && left > 0;
          left--) {
        text = CleanupReport.oneLine(done.withRemarks(left - 1));
      }
      Files.writeString(result, text, UTF_8);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT_CREATE, result + " cannot be written: " + e.getMessage());
    }
  }
}
