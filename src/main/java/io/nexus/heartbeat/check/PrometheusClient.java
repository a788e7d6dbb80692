package io.nexus.heartbeat.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexus.heartbeat.api.PrometheusServer;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;

/**
 * Asks a Prometheus. What it tells of is watched, not Prometheus: while it cannot be asked nothing
 * is known, and nothing must be repaired for it.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">its HTTP API</a>
 */
record PrometheusClient(PrometheusServer server, Surroundings surroundings) {
  private static final int MOST_BYTES = 64 * 1024;
  private static final String QUESTION = "POST /api/v1/query";

  sealed interface Asked {
    record Answered(PrometheusAnswer answer, Words words, Response response) implements Asked {}

    record Not(Reading why) implements Asked {}

    static Asked not(String why) {
      return new Not(new Reading.Unknown(why));
    }
  }

  /** An instant query. */
  Asked ask(String query, Deadline deadline) throws InterruptedException {
    String token = null;
    try {
      var url = JsonApi.under(server.url(), "/api/v1/query");
      var from = server.tokenFrom();
      if (from != null) {
        // A file's last line break is no part of a token.
        token = surroundings.secrets().read(from, Authority.of(url).host()).text().strip();
      }
      var request =
          Request.of("POST", url)
              .with(Trust.of(server.tls(), surroundings.secrets()))
              .with("Content-Type", "application/x-www-form-urlencoded")
              .withBody(form(query, deadline).getBytes(UTF_8))
              .readingAtMost(MOST_BYTES);
      var asked = token == null ? request : request.with("Authorization", "Bearer " + token);
      var response = surroundings.clients().http().send(asked, surroundings.dialer(), deadline);
      var words = new Words(deadline, token == null ? List.of() : List.of(token));
      return judged(response, words);
    } catch (SecretUnavailable e) {
      return Asked.not(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Asked.Not(unasked(Faults.reading(e)));
    }
  }

  /** With the time we wait, so that it gives up when we do. */
  private static String form(String query, Deadline deadline) throws IOException {
    return "query="
        + URLEncoder.encode(query, UTF_8)
        + "&timeout="
        + deadline.remainingMillis()
        + "ms";
  }

  private static Reading unasked(Reading failure) {
    return failure instanceof Reading.Down(var cause, _)
        ? new Reading.Unknown("Prometheus cannot be asked: " + cause)
        : failure;
  }

  private Asked judged(Response response, Words words) throws ProtocolFailure {
    var status = response.status();
    if (status == 401 || status == 403) {
      var from = server.tokenFrom();
      return Asked.not(
          JsonApi.words(response)
              + (from == null
                  ? ": set tokenFrom"
                  : ": the value of " + Words.nameOf(from) + " is not accepted"));
    }
    if (status == 200 && response.truncated()) {
      return Asked.not("the query returns too many series; " + PrometheusCheck.AGGREGATE);
    }
    if (status == 200) {
      var answer = JsonApi.parsed(response, QUESTION, PrometheusAnswer.class);
      var error = answer.errorWords(words);
      return error == null ? new Asked.Answered(answer, words, response) : Asked.not(error);
    }
    return Asked.not(refusal(response, words));
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
}
