package io.nexus.heartbeat.standalone;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the predecessor, a watchdog in Python, was told on its command line, in its environment and
 * in its {@code .env}.
 *
 * @param postgresUrl null where there is no database
 * @param ollamaUrl null where none was named: it is looked for where it usually is
 * @param dailyTokens the token budget of a day; 0 for none
 * @param telegram whether people are told
 * @param recovery whether repair is wanted
 * @param restartUnit the systemd unit of the gateway; null: it is not restarted
 * @param disk a path on the disk that is watched
 */
public record NexusOptions(
    Duration interval,
    String gatewayUrl,
    String redisUrl,
    @Nullable String postgresUrl,
    @Nullable String ollamaUrl,
    long dailyTokens,
    boolean telegram,
    @Nullable String telegramToken,
    @Nullable String telegramChatId,
    boolean recovery,
    @Nullable String restartUnit,
    Path disk) {

  /** The same with people told, or not. */
  NexusOptions telling(boolean told) {
    return new NexusOptions(
        interval,
        gatewayUrl,
        redisUrl,
        postgresUrl,
        ollamaUrl,
        dailyTokens,
        told,
        telegramToken,
        telegramChatId,
        recovery,
        restartUnit,
        disk);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "the options of the Python watchdog";
  }
}
