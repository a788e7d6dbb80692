package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginResultTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          {"level":"Healthy"}                                  ~ 0 ~ Up
          {"level":"healthy","message":"all well"}             ~ 0 ~ Up all well
          {"level":"Degraded","message":"slow"}                ~ 0 ~ Impaired slow
          {"level":"Critical"}                                 ~ 0 ~ Down the plugin says Critical
          {"level":"Critical","message":"gone"}                ~ 1 ~ Down gone
          {"level":"Unknown","message":"no way in"}            ~ 0 ~ Unknown no way in
          {"level":"Unknown"}                                  ~ 0 ~ Unknown the plugin cannot tell
          {"message":"by its code"}                            ~ 2 ~ Down by its code
          {}                                                   ~ 0 ~ Up
          {"level":"Healthy","message":"then I broke"}         ~ 1 ~ Unknown the plugin says Healthy, but its exit code is 1: then I broke
          {"level":"WARNING","message":"slow"}                 ~ 0 ~ Unknown the plugin says level 'WARNING'; right would be Healthy, Degraded, Critical or Unknown: slow
          {"level":2}                                          ~ 0 ~ Unknown the plugin says level '2'; right would be Healthy, Degraded, Critical or Unknown
          {"level":"Healthy","mess                             ~ 0 ~ Unknown the plugin's result begins like JSON, but is none: {"level":"Healthy","mess
          {"level":"Healthy"} and more                         ~ 2 ~ Unknown the plugin's result begins like JSON, but is none: {"level":"Healthy"} and more
          OK - all well|a=1                                    ~ 0 ~ Up OK - all well
          '2 stuck '                                           ~ 1 ~ Impaired 2 stuck
          |a=1                                                 ~ 2 ~ Down the plugin says Critical
          cannot connect                                       ~ 3 ~ Unknown cannot connect
          sh: not found                                        ~ 127 ~ Unknown the plugin ended with exit code 127: sh: not found
          ''                                                   ~ 137 ~ Unknown the plugin ended with exit code 137 without a result
          ''                                                   ~ 1 ~ Unknown the plugin ended with exit code 1 without a result
          ' '                                                  ~ 2 ~ Unknown the plugin ended with exit code 2 without a result
          ''                                                   ~ 0 ~ Up
          """)
  void aResultIsALevelWithItsWords(String said, int exitCode, String expected) {
    assertThat(words(PluginResult.of(exitCode, said, "", List.of()).reading())).isEqualTo(expected);
  }

  @Test
  void onlyNamedNumbersAreKept() {
    var said =
        "{\"level\":\"Healthy\",\"measurements\":{\"depth\":12,\"lag\":1.5e3,\"more\":7,\"word\":\"8\",\"huge\":1e999}}";
    assertThat(measured(said, "lag", "depth").numbers())
        .containsExactly(java.util.Map.entry("lag", 1500.0), java.util.Map.entry("depth", 12.0));
    assertThat(measured(said.replace("Healthy", "Degraded"), "word", "huge", "missing").absent())
        .containsEntry("word", "what the plugin tells is no number")
        .containsEntry("huge", "what the plugin tells is no number")
        .containsEntry("missing", "the plugin does not tell it, but depth, lag, more, word, huge");
  }

  /** A threshold on it would otherwise never be reached, and nobody would know. */
  @Test
  void whereANamedNumberIsMissingNothingIsWell() {
    assertThat(words(PluginResult.of(0, "fine|load1=1 load5=2", "", List.of("load")).reading()))
        .isEqualTo("Unknown load: the plugin does not tell it, but load1, load5");
    assertThat(words(PluginResult.of(0, "{\"measurements\":[1]}", "", List.of("depth")).reading()))
        .isEqualTo("Unknown depth: the plugin tells no numbers");
    assertThat(words(PluginResult.of(2, "gone", "", List.of("depth")).reading()))
        .isEqualTo("Down gone");
  }

  @Test
  void figuresBehindTheBarAreReadAsMonitoringPluginsWriteThem() {
    var said =
        """
        DISK OK - free space: / 3326 MB | /boot=68MB;88;93;0;98 'C:\\ used %'=91.5%;80;90 Time=0.0042s;;;0 x=U =4 y z=1
        long words of all kinds | not these
        time=9 rta=-1.5E+2ms '' 'it''s'=3 b=+.5""";
    var measured = measured(said, "boot", "c_used", "time", "x", "z", "rta", "it_s", "b");
    assertThat(measured.numbers())
        .containsExactly(
            java.util.Map.entry("boot", 68.0),
            java.util.Map.entry("c_used", 91.5),
            java.util.Map.entry("time", 0.0042),
            java.util.Map.entry("z", 1.0),
            java.util.Map.entry("rta", -150.0),
            java.util.Map.entry("it_s", 3.0),
            java.util.Map.entry("b", 0.5));
    assertThat(measured.absent())
        .containsOnly(java.util.Map.entry("x", "the plugin could not determine it"));
  }

  @Test
  void wordsAreOneLineWithoutControlCharactersAndShort() {
    assertThat(words(PluginResult.of(2, "\u001B[31mred\u0007\u202E|", "", List.of()).reading()))
        .isEqualTo("Down red");
    var long_ = "{\"level\":\"Critical\",\"message\":\"a\\nb\\u0000" + "c".repeat(5000) + "\"}";
    assertThat(words(PluginResult.of(2, long_, "", List.of()).reading()))
        .startsWith("Down a b")
        .hasSizeLessThan(220);
  }

  /** As much as a plugin may say, of the worst kind; each takes some milliseconds. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("hostile")
  void whatWantsToHurtIsReadAllTheSame(String said) {
    assertThat(PluginResult.of(0, said, "", List.of("a")).reading()).isNotNull();
  }

  static List<String> hostile() {
    return List.of(
        "{\"a\":".repeat(12_000),
        "{\"measurements\":{\"a\":" + "9".repeat(60_000) + "}}",
        "{\"measurements\":{\"a\":1e999999999}}",
        "{\"measurements\":{" + "\"a\":1,".repeat(8_000) + "\"a\":2}}",
        "|" + "a=".repeat(30_000),
        "|" + "'".repeat(60_001),
        "|" + "a=1 ".repeat(16_000),
        "|a=" + "1".repeat(60_000),
        "|" + "=".repeat(60_000),
        "\n".repeat(60_000) + "|",
        "|".repeat(60_000));
  }

  private static Measurements measured(String said, String... named) {
    return switch (PluginResult.of(0, said, "", List.of(named)).reading()) {
      case Reading.Up(var measured) -> measured;
      case Reading.Impaired(_, var measured, _) -> measured;
      case Reading other -> throw new AssertionError(other.toString());
    };
  }

  private static String words(Reading reading) {
    return switch (reading) {
      case Reading.Up(var measured) -> ("Up " + measured.words().getOrDefault("note", "")).strip();
      case Reading.Impaired(var cause, _, _) -> "Impaired " + cause;
      case Reading.Down(var cause, _) -> "Down " + cause;
      case Reading.Unknown(var why) -> "Unknown " + why;
      case Reading.Judged _ -> throw new AssertionError("nobody judged it");
    };
  }
}
