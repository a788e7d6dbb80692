package io.nexus.heartbeat.api;

import java.time.Duration;

/**
 * What a rung does to the world. Listed once: a switch over this is complete or does not compile.
 */
public sealed interface Action
    permits Action.Restart,
        Action.Evict,
        Rollback,
        Scale,
        JobSource,
        SystemdRestart,
        Command,
        Webhook,
        Clean {
  /** What Kubernetes itself gives a rollout by default (progressDeadlineSeconds, 600). */
  Duration ROLLOUT = Duration.ofMinutes(10);

  Subject subject();

  /** The field of the rung that declares it, such as {@code restart}. */
  default String rung() {
    return switch (this) {
      case Restart _ -> "restart";
      case Evict _ -> "evict";
      case Rollback _ -> "rollback";
      case Scale _ -> "scale";
      case JobSource _ -> "job";
      case Clean _ -> "cleanup";
      case SystemdRestart _ -> "systemdRestart";
      case Command _ -> "command";
      case Webhook _ -> "webhook";
    };
  }

  /** In words, such as {@code restart Deployment/gateway}. */
  String words();

  /** The same of what was done, such as {@code restarted Deployment/gateway}. */
  String past();

  /** Nothing on its subject says whether it was done: once asked for, it may have been. */
  default boolean leavesNoTrace() {
    return this instanceof Webhook;
  }

  /** How long its effect may take; then it did not help. */
  default Duration effectWithin() {
    return ROLLOUT;
  }

  /**
   * Replaces the pods of a workload, one after the other, as its own strategy says.
   *
   * @param workload whose pods
   */
  record Restart(WorkloadRef workload) implements Action {
    @Override
    public Subject subject() {
      return workload.subject();
    }

    @Override
    public String words() {
      return "restart " + workload;
    }

    @Override
    public String past() {
      return "restarted " + workload;
    }
  }

  /**
   * Evicts those pods of a workload that fail, and no other.
   *
   * @param workload whose pods
   */
  record Evict(WorkloadRef workload) implements Action {
    @Override
    public Subject subject() {
      return workload.subject();
    }

    @Override
    public String words() {
      return "evict failing pods of " + workload;
    }

    @Override
    public String past() {
      return "evicted the failing pods of " + workload;
    }
  }
}
