package io.nexus.heartbeat.api;

/** What is read from a table, with the settings of a postgres target of the same monitor. */
public sealed interface TableKind extends TargetKind permits AgentsTarget, TokenBudgetTarget {

  /** The name of that target. */
  String database();
}
