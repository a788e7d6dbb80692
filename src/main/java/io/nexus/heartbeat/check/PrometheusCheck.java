package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import org.jspecify.annotations.Nullable;

/** The one value of an instant query. */
record PrometheusCheck(String query, PrometheusClient prometheus) implements Check {
  static final String AGGREGATE = "aggregate it to one, for example with max(…)";

  static Check of(PrometheusTarget target, Surroundings surroundings) {
    return new PrometheusCheck(target.query(), new PrometheusClient(target.server(), surroundings));
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    return switch (prometheus.ask(query, deadline)) {
      case PrometheusClient.Asked.Not(var why) -> why;
      case PrometheusClient.Asked.Answered(var answer, var words, var response) ->
          valued(answer.outcome(), answer.warning(words), response);
    };
  }

  private static Reading valued(
      PrometheusAnswer.Outcome outcome, @Nullable String warning, Response response) {
    return switch (outcome) {
      case PrometheusAnswer.NoData _ -> new Reading.Unknown("no data");
      case PrometheusAnswer.Series(var count) ->
          new Reading.Unknown("the query returns " + count + " series; " + AGGREGATE);
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
}
