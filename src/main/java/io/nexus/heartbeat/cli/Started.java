package io.nexus.heartbeat.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code python -m heartbeat.service}, as its unit or crontab calls it. */
@Command
final class Started {
  @Mixin private final NexusArguments arguments;

  @Option(names = "--once")
  private boolean once;

  @Option(names = "--log-level")
  private String logLevel = "INFO";

  Started(NexusArguments arguments) {
    this.arguments = arguments;
  }
}
