package io.nexus.heartbeat.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.decide.ClockSkew;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How far our clock is from the API server's, by the Date of an answer and the time that it took.
 * It is asked for what everybody may read, and only when somebody wants to know: when something is
 * about to be repaired.
 */
final class ServerClock {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What was measured holds so long, while our clock is not set. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  /** A clock that moved so much more or less than time passed was set. */
  private static final Duration SET = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final InstantSource clock;
  private volatile @Nullable Measured last;

  private record Measured(ClockSkew skew, Instant at, long nanos) {}

  ServerClock(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Why our clock is not to be relied upon; empty: it is. What cannot be told is not. */
  Optional<String> trouble() throws InterruptedException {
    var known = last;
    if (known != null && holds(known)) {
      return known.skew().closed();
    }
    try {
      return measure().closed();
    } catch (Untold e) {
      return Optional.of(
          "it cannot be compared with the API server's: " + String.valueOf(e.getMessage()));
    }
  }

  /** Why the API server does not answer; empty: it does. Asked anew each time. */
  Optional<String> silence() throws InterruptedException {
    try {
      var _ = measure();
      return Optional.empty();
    } catch (Untold e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private boolean holds(Measured known) {
    var passed = Duration.ofNanos(System.nanoTime() - known.nanos());
    var moved = Duration.between(known.at(), clock.instant());
    return passed.compareTo(FRESH) < 0 && moved.minus(passed).abs().compareTo(SET) < 0;
  }

  private ClockSkew measure() throws Untold, InterruptedException {
    var http = client.getHttpClient();
    var url = client.getMasterUrl().toString().replaceAll("/$", "") + "/version";
    var request =
        http.newHttpRequestBuilder()
            .uri(url)
            .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    var sent = clock.instant();
    var begun = System.nanoTime();
    try {
      var answer =
          http.sendAsync(request, String.class).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      var now = System.nanoTime();
      var received = sent.plusNanos(now - begun); // whatever is done to our clock meanwhile
      var skew = ClockSkew.between(sent, received, date(answer.header("Date")));
      last = new Measured(skew, received, now);
      return skew;
    } catch (ExecutionException | TimeoutException e) {
      throw new Untold("the API server does not answer " + url + " in time", e);
    }
  }

  private static Instant date(@Nullable String header) throws Untold {
    try {
      if (header != null) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.parse(header, Instant::from);
      }
    } catch (DateTimeException _) {
      // as good as none
    }
    throw new Untold("its answers have no Date", null);
  }

  private static final class Untold extends Exception {
    private static final long serialVersionUID = 1;

    Untold(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
