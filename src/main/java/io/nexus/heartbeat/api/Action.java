package io.nexus.heartbeat.api;

import java.time.Duration;

/**
 * What a rung does to the world. Listed once: a switch over this is complete or does not compile.
 */
public sealed interface Action {

  Subject subject();

  /** In words, such as {@code restart Deployment/gateway}. */
  String words();

  /** The same of what was done, such as {@code restarted Deployment/gateway}. */
  String past();

  /** How long its effect may take; then it did not help. */
  Duration effectWithin();

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

    @Override
    public Duration effectWithin() {
      return ROLLOUT;
    }
  }

  /** Restarts a unit of this machine's systemd. */
  record RestartUnit(SystemdRestart declared) implements Action {
    @Override
    public Subject subject() {
      return declared.subject();
    }

    @Override
    public String words() {
      return "restart " + subject().name();
    }

    @Override
    public String past() {
      return "restarted " + subject().name();
    }

    @Override
    public Duration effectWithin() {
      return ROLLOUT;
    }
  }

  /** Runs a program of this machine. */
  record RunCommand(Command declared) implements Action {
    @Override
    public Subject subject() {
      return declared.subject();
    }

    @Override
    public String words() {
      return "run " + line();
    }

    @Override
    public String past() {
      return "ran " + line();
    }

    /** It is ended by then. */
    @Override
    public Duration effectWithin() {
      return declared.timeout().plusMinutes(1);
    }

    private String line() {
      return Bounded.text(String.join(" ", declared.command()), SHOWN);
    }
  }

  /** Of a command that is long, in words. */
  int SHOWN = 200;

  /** What Kubernetes itself gives a rollout by default (progressDeadlineSeconds, 600). */
  Duration ROLLOUT = Duration.ofMinutes(10);
}
