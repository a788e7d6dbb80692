package io.nexus.heartbeat.check;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.HttpTarget.Body;
import io.nexus.heartbeat.api.HttpTarget.Expect;
import io.nexus.heartbeat.api.HttpTarget.Header;
import io.nexus.heartbeat.api.HttpTarget.ServiceRef;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An http check as a test says it, piece by piece; every host is this machine. */
@SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
record HttpProbing(HttpTarget target, Endpoints endpoints, String authority, OpenDialer dialer) {
  /** Kept, for loading the system's authorities takes its time. No Redis: nothing to close. */
  private static final Clients CLIENTS = Clients.create();

  static HttpProbing of(String url) {
    var target = new HttpTarget(url, null, null, null, null, null, null, null);
    return new HttpProbing(target, Endpoints.NONE, "", new OpenDialer());
  }

  static HttpProbing of(ServiceRef service, Endpoints endpoints) {
    var target = new HttpTarget(null, service, null, null, null, null, null, null);
    return new HttpProbing(target, endpoints, "", new OpenDialer());
  }

  HttpProbing withSecret() {
    var from = new ValueFrom(new SecretKeyRef("gateway", "token"));
    var headers = List.of(new Header("X-Key", null, from));
    return with(target.method(), headers, target.body(), target.expect(), target.tls());
  }

  HttpProbing posting(String body) {
    return with("POST", target.headers(), body, target.expect(), target.tls());
  }

  HttpProbing expecting(String status) {
    return with(new Expect(List.of(new IntOrString(status)), null, null, null));
  }

  HttpProbing otherwise(Level level) {
    return with(new Expect(null, null, null, level));
  }

  HttpProbing within(Duration latency) {
    return with(new Expect(null, latency, null, null));
  }

  HttpProbing containing(String text) {
    return with(new Expect(null, null, new Body(text), null));
  }

  private HttpProbing with(Expect expect) {
    return with(target.method(), target.headers(), target.body(), expect, target.tls());
  }

  HttpProbing trusting(CertificateAuthority trusted) {
    var tls = new Tls(new ValueFrom(new SecretKeyRef("gateway", "ca")), null, false);
    var secured =
        with(target.method(), target.headers(), target.body(), target.expect(), tls).target();
    return new HttpProbing(secured, endpoints, trusted.pem(), dialer);
  }

  private HttpProbing with(
      String method,
      List<Header> headers,
      @Nullable String body,
      Expect expect,
      @Nullable Tls tls) {
    var other =
        new HttpTarget(
            target.url(), target.service(), target.path(), method, headers, body, expect, tls);
    return new HttpProbing(other, endpoints, authority, dialer);
  }

  String words() throws InterruptedException {
    return words(read());
  }

  Reading read() throws InterruptedException {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      return read(deadline);
    }
  }

  Reading read(Deadline deadline) throws InterruptedException {
    var secrets = RedisCheckTest.secrets(Map.of("token", "s3cr3t", "ca", authority));
    return HttpCheck.of(target, new Surroundings(dialer, secrets, endpoints, CLIENTS))
        .run(deadline);
  }

  /** The hosts that were asked for. */
  List<String> asked() {
    return List.copyOf(dialer.asked);
  }

  /** The ports that were opened, or tried. */
  List<Integer> opened() {
    return List.copyOf(dialer.opened);
  }

  static String words(Reading reading) {
    return switch (reading) {
      case Reading.Up up -> {
        var note = up.measurements().words().get("note");
        yield note == null ? "Up" : "Up: " + note;
      }
      case Reading.Impaired i -> "Impaired: " + i.cause();
      case Reading.Down d -> "Down: " + d.cause();
      case Reading.Unknown u -> "Unknown: " + u.why();
      case Reading.Judged(var found, var condition) -> words(found) + "; " + words(condition);
    };
  }
}
