package io.nexus.heartbeat.standalone;

import com.sun.net.httpserver.HttpServer;
import io.nexus.heartbeat.alert.Channel;
import io.nexus.heartbeat.api.Action;
import io.nexus.heartbeat.api.Alerts.Receiver;
import io.nexus.heartbeat.api.Command;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.secret.Secrets;
import io.nexus.heartbeat.standalone.repair.RepairCheckup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tries everything that monitors need on a host, changes nothing and tells nobody. */
public final class Doctor {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** As long as a message may be on its way, and what Telegram's whole seconds leave open. */
  private static final Duration WRONG_CLOCK = Duration.ofSeconds(30);

  private final Practice practice;
  private final List<Diagnosis> found = new ArrayList<>();
  private @Nullable Instant providersTime;
  private Instant ourTime = Instant.EPOCH;

  /**
   * What it works with.
   *
   * @param secrets reads them, and has them masked
   * @param files where they are
   * @param mask takes secrets out of what was found
   * @param channels for a namespace and a receiver
   * @param repairs what would be done to this machine
   */
  public record Practice(
      OneCheck check,
      Secrets secrets,
      FileSecrets files,
      BiFunction<String, Receiver, Channel> channels,
      Deadlines deadlines,
      InstantSource clock,
      UnaryOperator<String> mask,
      RepairCheckup repairs) {}

  public Doctor(Practice practice) {
    this.practice = practice;
  }

  /**
   * @param state where {@code run} would keep its state
   * @param listen where it would listen
   * @param option what sets that
   */
  public List<Diagnosis> examine(
      List<HeartbeatMonitor> monitors, Path state, InetSocketAddress listen, String option)
      throws InterruptedException {
    found.clear();
    found.addAll(new SecretCheckup(practice.secrets(), practice.files()).of(monitors));
    for (var finding : practice.check().of(monitors)) {
      found.add(target(finding, monitors.size() > 1));
    }
    suspended(monitors, monitors.size() > 1);
    for (var monitor : monitors) {
      repairs(monitor);
      for (var receiver : monitor.getSpec().alerts().receivers()) {
        receiver(monitor, receiver);
      }
    }
    clock();
    var runs = StateCheckup.isHeld(state);
    found.add(StateCheckup.of(state));
    found.add(listening(listen, option, runs));
    return found.stream().map(one -> one.withWords(practice.mask())).toList();
  }

  private void repairs(HeartbeatMonitor monitor) throws InterruptedException {
    if (monitor.getSpec().recovery().mode() == Recovery.Mode.Disabled) {
      return;
    }
    for (var action : actions(monitor)) {
      switch (action) {
        case SystemdRestart restart -> found.add(practice.repairs().of(restart));
        case Command command -> found.add(practice.repairs().of(command));
        default -> {}
      }
    }
  }

  private static List<Action> actions(HeartbeatMonitor monitor) {
    return monitor.getSpec().targets().stream()
        .flatMap(target -> target.repair().stream().flatMap(rung -> rung.action(target).stream()))
        .distinct()
        .toList();
  }

  private static Diagnosis target(OneCheck.Finding finding, boolean several) {
    var target = finding.target();
    var subject =
        named(finding.monitor(), target, several) + " (" + target.kind().fieldName() + ")";
    var words = finding.assessment().message();
    if (target.push() != null) {
      return Diagnosis.well(subject, "not tried: it speaks by itself, to run");
    }
    if (finding.level() == Level.Healthy) {
      return Diagnosis.well(subject, words.isEmpty() ? "healthy" : words);
    }
    return finding.counts()
        ? new Diagnosis(subject, words, TargetFix.of(target, finding.level(), words))
        : Diagnosis.well(subject, words + "; it is optional");
  }

  private static String named(String monitor, Target target, boolean several) {
    return "target " + (several ? monitor + "/" : "") + target.name();
  }

  private void suspended(List<HeartbeatMonitor> monitors, boolean several) {
    for (var monitor : monitors) {
      for (var target : monitor.getSpec().targets()) {
        if (monitor.getSpec().isSuspended(target)) {
          var subject = named(monitor.getMetadata().getName(), target, several);
          found.add(Diagnosis.well(subject, "not tried: it is suspended"));
        }
      }
    }
  }

  private void receiver(HeartbeatMonitor monitor, Receiver receiver) throws InterruptedException {
    var subject = "receiver " + receiver.name();
    var channel = practice.channels().apply(monitor.getMetadata().getNamespace(), receiver);
    try (var deadline = practice.deadlines().start(PATIENCE)) {
      var trial = channel.tryOut(deadline);
      if (trial.isEmpty()) {
        found.add(Diagnosis.well(subject, "nothing to try"));
        return;
      }
      ourTime = practice.clock().instant();
      providersTime = trial.get().providersTime();
      found.add(new Diagnosis(subject, trial.get().words(), trial.get().fix()));
    }
  }

  /** By what a receiver's provider said last. */
  private void clock() {
    if (providersTime == null) {
      return;
    }
    var ahead = Duration.between(providersTime, ourTime);
    found.add(
        ahead.abs().compareTo(WRONG_CLOCK) > 0
            ? new Diagnosis(
                "clock",
                Plain.duration(Duration.ofSeconds(ahead.abs().toSeconds()))
                    + (ahead.isNegative() ? " behind" : " ahead of")
                    + " the receiver's",
                "set it, and keep it by NTP: timedatectl set-ntp true")
            : Diagnosis.well("clock", "as the receiver's"));
  }

  /**
   * @param runs a heartbeat holds the state directory
   */
  private static Diagnosis listening(InetSocketAddress address, String option, boolean runs) {
    var subject =
        "address " + address.getHostString() + ":" + address.getPort() + " (" + option + ")";
    try {
      HttpServer.create(address, 0).stop(0);
      return Diagnosis.well(subject, "free");
    } catch (BindException e) {
      return runs
          ? Diagnosis.well(subject, "in use, as it is while heartbeat runs")
          : cannotListen(subject, option, e);
    } catch (IOException e) {
      return cannotListen(subject, option, e);
    }
  }

  private static Diagnosis cannotListen(String subject, String option, IOException e) {
    return new Diagnosis(
        subject,
        "cannot be listened on: " + Plain.text(String.valueOf(e.getMessage()), 200),
        "end who listens there, or give another with " + option);
  }
}
