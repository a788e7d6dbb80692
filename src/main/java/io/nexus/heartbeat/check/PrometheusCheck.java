package io.nexus.heartbeat.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one value of an instant query. What is watched is the value, not Prometheus: when that cannot
 * be asked, nothing is known, and nothing must be repaired for it.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">its HTTP API</a>
 */
record PrometheusCheck(PrometheusTarget target, Surroundings surroundings) implements Check {
  private static final int MOST_BYTES = 64 * 1024;
  private static final String QUESTION = "POST /api/v1/query";

  static Check of(PrometheusTarget target, Surroundings surroundings) {
    return new PrometheusCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    String token = null;
    try {
      var url = JsonApi.under(target.url(), "/api/v1/query");
      var from = target.tokenFrom();
      if (from != null) {
        // A file's last line break is no part of a token.
        token = surroundings.secrets().read(from, Authority.of(url).host()).text().strip();
      }
      var request =
          Request.of("POST", url)
              .with(Trust.of(target.tls(), surroundings.secrets()))
              .with("Content-Type", "application/x-www-form-urlencoded")
              .withBody(form(deadline).getBytes(UTF_8))
              .readingAtMost(MOST_BYTES);
      var asked = token == null ? request : request.with("Authorization", "Bearer " + token);
      var response = surroundings.clients().http().send(asked, surroundings.dialer(), deadline);
      var words = new Words(deadline, token == null ? List.of() : List.of(token));
      return judged(response, words);
    } catch (SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return unasked(Faults.reading(e));
    }
  }

  /** With the time we wait, so that it gives up when we do. */
  private String form(Deadline deadline) throws IOException {
    return "query="
        + URLEncoder.encode(target.query(), UTF_8)
        + "&timeout="
        + deadline.remainingMillis()
        + "ms";
  }

  private static Reading unasked(Reading failure) {
    return failure instanceof Reading.Down(var cause, _)
        ? new Reading.Unknown("Prometheus cannot be asked: " + cause)
        : failure;
  }

  private Reading judged(Response response, Words words) throws ProtocolFailure {
    var status = response.status();
    if (status == 401 || status == 403) {
      var from = target.tokenFrom();
      return new Reading.Unknown(
          JsonApi.words(response)
              + (from == null
                  ? ": set tokenFrom"
                  : ": the value of " + Words.nameOf(from) + " is not accepted"));
    }
    if (status == 200 && response.truncated()) {
      return new Reading.Unknown("the query returns too many series; " + aggregate());
    }
    if (status == 200) {
      var answer = JsonApi.parsed(response, QUESTION, PrometheusAnswer.class);
      var error = answer.errorWords(words);
      return error == null
          ? valued(answer.outcome(), answer.warning(words), response)
          : new Reading.Unknown(error);
    }
    return new Reading.Unknown(refusal(response, words));
  }

  /** Prometheus says what is wrong in JSON; a proxy before it says something else. */
  private static String refusal(Response response, Words words) {
    try {
      var said = JsonApi.parsed(response, QUESTION, PrometheusAnswer.class).errorWords(words);
      if (said != null) {
        return said;
      }
    } catch (ProtocolFailure _) {
      // not from Prometheus: its status is all there is to say
    }
    var status = JsonApi.words(response);
    return switch (response.status() / 100) {
      case 5 -> "Prometheus cannot be asked: " + status;
      case 3 -> QUESTION + ": " + status + ", which is not followed; set url to where it leads";
      default ->
          response.status() == 429
              ? status + ": rate limited"
              : QUESTION + ": " + status + "; url must lead to Prometheus";
    };
  }

  private static Reading valued(
      PrometheusAnswer.Outcome outcome, @Nullable String warning, Response response) {
    return switch (outcome) {
      case PrometheusAnswer.NoData _ -> new Reading.Unknown("no data");
      case PrometheusAnswer.Series(var count) ->
          new Reading.Unknown("the query returns " + count + " series; " + aggregate());
      case PrometheusAnswer.Unusable(var why) -> new Reading.Unknown(why);
      case PrometheusAnswer.Value(var value) -> {
        var measured =
            Measurements.NONE
                .with("value", value)
                .with("latency", response.total().toNanos() / 1e9);
        yield new Reading.Up(warning == null ? measured : measured.with("note", warning));
      }
    };
  }

  private static String aggregate() {
    return "aggregate it to one, for example with max(…)";
  }
}
