package io.nexus.heartbeat.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A rung, of which a test says only what it is about. */
public final class ARung {
  private @Nullable WorkloadRef restart;
  private @Nullable WorkloadRef evict;
  private @Nullable Rollback rollback;
  private @Nullable Scale scale;
  private @Nullable JobSource job;
  private @Nullable SystemdRestart systemdRestart;
  private @Nullable Command command;
  private @Nullable Cleanup cleanup;
  private @Nullable Webhook webhook;
  private Rung.@Nullable Notify tell;
  private @Nullable Level minimumLevel;
  private @Nullable Duration after;
  private Rung.@Nullable Verify verify;

  private ARung() {}

  public static ARung restarting(WorkloadRef workload) {
    var rung = new ARung();
    rung.restart = workload;
    return rung;
  }

  public static ARung evicting(WorkloadRef workload) {
    var rung = new ARung();
    rung.evict = workload;
    return rung;
  }

  public static ARung of(Rollback rollback) {
    var rung = new ARung();
    rung.rollback = rollback;
    return rung;
  }

  public static ARung of(Scale scale) {
    var rung = new ARung();
    rung.scale = scale;
    return rung;
  }

  public static ARung of(JobSource job) {
    var rung = new ARung();
    rung.job = job;
    return rung;
  }

  public static ARung of(SystemdRestart restart) {
    var rung = new ARung();
    rung.systemdRestart = restart;
    return rung;
  }

  public static ARung of(Command command) {
    var rung = new ARung();
    rung.command = command;
    return rung;
  }

  public static ARung of(Cleanup cleanup) {
    var rung = new ARung();
    rung.cleanup = cleanup;
    return rung;
  }

  public static ARung of(Webhook webhook) {
    var rung = new ARung();
    rung.webhook = webhook;
    return rung;
  }

  public static ARung telling() {
    var rung = new ARung();
    rung.tell = new Rung.Notify();
    return rung;
  }

  public ARung at(Level least) {
    minimumLevel = least;
    return this;
  }

  public ARung after(Duration duration) {
    after = duration;
    return this;
  }

  public ARung verified(int successes, Duration within) {
    verify = new Rung.Verify(successes, within);
    return this;
  }

  public Rung build() {
    return new Rung(
        restart,
        evict,
        rollback,
        scale,
        job,
        cleanup,
        systemdRestart,
        command,
        webhook,
        tell,
        minimumLevel,
        after,
        verify);
  }
}
