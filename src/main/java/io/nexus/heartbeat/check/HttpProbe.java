package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.HttpTarget.Expect;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One request to one address, its redirects, and what its answer means.
 *
 * @param credentials the Secrets it carries
 */
record HttpProbe(
    Surroundings surroundings, Expect expect, ExpectedStatus expected, List<String> credentials) {
  /** Too Many Requests (RFC 6585, 4): it is up, and what it says is of us. */
  private static final int TOO_MANY = 429;

  private static final int MOST_REDIRECTS = 5;

  /**
   * @param answered told the answer that is judged, if there is one
   */
  Reading run(Request first, Deadline deadline, BiConsumer<Response, Duration> answered)
      throws InterruptedException {
    var request = first;
    var begun = System.nanoTime();
    try {
      for (var redirects = 0; ; redirects++) {
        var response = surroundings.clients().http().send(request, surroundings.dialer(), deadline);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        var location = response.header("Location");
        if (!Redirects.isRedirect(response.status())
            || location.isEmpty()
            || expected.hasRedirects() && expected.has(response.status())) {
          if (response.status() != TOO_MANY || expected.has(TOO_MANY)) {
            answered.accept(response, took);
          }
          return judged(response, took);
        }
        if (redirects == MOST_REDIRECTS) {
          answered.accept(response, took);
          return otherwise(
              "redirects more than " + MOST_REDIRECTS + " times", measured(response, took));
        }
        switch (Redirects.follow(request, response.status(), location.get(), credentials)) {
          case Redirects.Next(var next) -> request = next;
          case Redirects.Refused(var why) -> {
            answered.accept(response, took);
            return otherwise(why, measured(response, took));
          }
        }
      }
    } catch (IOException e) {
      return Faults.reading(e);
    }
  }

  private Reading judged(Response response, Duration took) {
    var status = response.status();
    var measured = measured(response, took);
    if (!expected.has(status)) {
      return unexpected(response, measured);
    }
    var body = expect.body();
    var wanted = body == null ? null : body.contains();
    if (wanted != null && !response.text().contains(wanted)) {
      return otherwise(
          "the answer does not contain \""
              + Plain.text(wanted, 80)
              + "\""
              + (response.truncated() ? " in its first 64 KiB" : ""),
          measured);
    }
    var most = expect.maxLatency();
    if (most != null && took.compareTo(most) > 0) {
      return new Reading.Impaired(
          "took " + Plain.duration(took) + ", more than " + Plain.duration(most), measured, false);
    }
    return new Reading.Up(measured);
  }

  private Reading unexpected(Response response, Measurements measured) {
    var status = response.status();
    var words = JsonApi.words(response);
    if (status >= 500) {
      return new Reading.Down(words, measured);
    }
    if (status == TOO_MANY) {
      return new Reading.Up(measured.with("note", "rate limited"));
    }
    if ((status == 401 || status == 403) && !credentials.isEmpty()) {
      return new Reading.Unknown(
          words + ": the value of " + String.join(" and ", credentials) + " is not accepted");
    }
    return otherwise(words, measured);
  }

  /** What the author said of an answer that is neither right nor a failure of the server. */
  private Reading otherwise(String cause, Measurements measured) {
    return switch (expect.otherwise()) {
      case Level.Healthy -> new Reading.Up(measured.with("note", cause));
      case Level.Degraded -> new Reading.Impaired(cause, measured, false);
      case Level.Unknown -> new Reading.Unknown(cause);
      case Level.Critical -> new Reading.Down(cause, measured);
    };
  }

  static Measurements measured(Response response, Duration took) {
    var measured =
        Measurements.NONE
            .with("latency", took.toNanos() / 1_000_000_000.0)
            .with("status", String.valueOf(response.status()));
    return response
        .certificateEnds()
        .map(end -> measured.with("certificateDays", Duration.between(Instant.now(), end).toDays()))
        .orElse(measured);
  }
}
