package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.TlsTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** A TLS server's certificate: whether it is accepted, and for how long. */
record TlsCheck(TlsTarget target, Surroundings surroundings) implements Check {

  static Check of(TlsTarget target, Surroundings surroundings) {
    return new TlsCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    var begun = System.nanoTime();
    try {
      var settings =
          new TlsSettings(
              Trust.ca(target.caFrom(), surroundings.secrets()),
              target.serverName(),
              TlsSettings.Verify.FULL);
      var host = target.host();
      var socket = surroundings.dialer().connect(host, target.port(), deadline);
      var path =
          surroundings.clients().tls().shown(socket, host, target.port(), settings, deadline);
      return judged(path, (System.nanoTime() - begun) / 1e9);
    } catch (SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Faults.reading(e);
    }
  }

  /**
   * @param path the server's own first, all of them accepted
   */
  private Reading judged(List<X509Certificate> path, double latency) {
    var soonest =
        path.stream().min(Comparator.comparing(X509Certificate::getNotAfter)).orElseThrow();
    var days = Duration.between(Instant.now(), soonest.getNotAfter().toInstant()).toDays();
    var measured = Measurements.NONE.with("certificateDays", days).with("latency", latency);
    var which = soonest.equals(path.getFirst()) ? "certificate" : above(soonest);
    var words = which + " expires in " + (days == 1 ? "1 day" : days + " days") + ", fewer than ";
    var critical = target.critical();
    if (critical != null && days < critical) {
      return new Reading.Down(words + critical, measured);
    }
    return days < target.degraded()
        ? new Reading.Impaired(words + target.degraded(), measured, false)
        : new Reading.Up(measured);
  }

  private static String above(X509Certificate certificate) {
    var name = certificate.getSubjectX500Principal().getName();
    return "a certificate above the server's own (" + Plain.text(name, 80) + ")";
  }
}
