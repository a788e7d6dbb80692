package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.decide.Allowance;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import picocli.CommandLine.Option;

/** What all monitors may spend together. */
final class BudgetOptions {
  @Option(
      names = "--budget",
      paramLabel = "N/TIME",
      defaultValue = "20/1h",
      description =
          "At most so many acts of all monitors in any such time; default ${DEFAULT-VALUE}.")
  private String installation = "20/1h";

  @Option(
      names = "--namespace-budget",
      paramLabel = "N/TIME",
      defaultValue = "10/1h",
      description =
          "At most so many acts of the monitors of any one namespace; default ${DEFAULT-VALUE}.")
  private String namespace = "10/1h";

  /** Before anything is begun. */
  void check() {
    var _ = shares();
  }

  Shares shares() {
    return new Shares(
        allowance("--budget", installation), allowance("--namespace-budget", namespace));
  }

  private static Allowance allowance(String option, String text) {
    try {
      return Allowance.parse(text, Shares.MOST);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, option + " " + e.getMessage());
    }
  }
}
