package io.nexus.heartbeat.cleanup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;

/** What a cleanup did, for whoever reads a message about it; in few words, whoever wrote them. */
public final class Told {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST = 4096;
  private static final int LONGEST_NAME = 80;

  private Told() {}

  /**
   * Reads what {@code --result} wrote.
   *
   * @return empty when it is no such thing
   */
  public static Optional<Result> read(String json) {
    if (json.length() > LONGEST || !json.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readValue(json, Result.class)).filter(Told::isPossible);
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private static boolean isPossible(Result result) {
    return LongStream.of(result.files(), result.directories(), result.bytes(), result.linked())
            .noneMatch(it -> it < 0)
        && result.percentBefore() >= 0
        && result.percentBefore() <= 100
        && result.percentAfter() >= 0
        && result.percentAfter() <= 100;
  }

  /** As {@code freed 1.2 GiB in 340 files, 96% → 71% full}. */
  public static String words(Result result) {
    return String.format(
            Locale.ROOT,
            "freed %s in %d %s, %.0f%% → %.0f%% full",
            Bytes.words(result.bytes()),
            result.files(),
            result.files() == 1 ? "file" : "files",
            result.percentBefore(),
            result.percentAfter())
        + (result.cutOff() ? "; time was up before all was looked at" : "")
        + spared(result)
        + failed(result)
        + stillOpen(result);
  }

  /** Only where nothing went: then somebody wants to know why. */
  private static String spared(Result result) {
    return result.files() > 0
        ? ""
        : result.spared().entrySet().stream()
            .filter(it -> it.getValue() > 0)
            .max(java.util.Map.Entry.comparingByValue())
            .map(
                it ->
                    "; what was asked for stays, %d %s"
                        .formatted(it.getValue(), it.getKey().words()))
            .or(() -> result.remarks().stream().findFirst().map(it -> "; " + cut(it)))
            .orElse("");
  }

  private static String failed(Result result) {
    return result.failed().entrySet().stream()
        .filter(it -> it.getValue() > 0)
        .max(java.util.Map.Entry.comparingByValue())
        .map(
            it -> "; could not delete or look at %d: %s".formatted(it.getValue(), cut(it.getKey())))
        .orElse("");
  }

  private static String stillOpen(Result result) {
    return result.stillOpen().holders().stream()
        .filter(it -> it.bytes() > 0 && it.program() != null)
        .findFirst()
        .map(
            it ->
                "; %s of deleted files are still open in %s"
                    .formatted(Bytes.words(it.bytes()), cut(it.program())))
        .orElse("");
  }

  private static String cut(String text) {
    var shown = Shown.text(text);
    return shown.length() <= LONGEST_NAME ? shown : shown.substring(0, LONGEST_NAME - 1) + "…";
  }
}
