package io.nexus.heartbeat.check;

import io.nexus.heartbeat.check.Endpoints.Endpoint;
import io.nexus.heartbeat.reading.Instance;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The readings of all endpoints of a Service, as one. */
final class EndpointReadings {
  private int all;
  private final SequencedMap<Endpoint, String> down = new LinkedHashMap<>();
  private final SequencedMap<Endpoint, String> impaired = new LinkedHashMap<>();
  private final SequencedMap<Endpoint, String> unknown = new LinkedHashMap<>();
  private Measurements measured = Measurements.NONE;

  void add(Endpoint endpoint, Reading reading) {
    all++;
    switch (reading) {
      case Reading.Up(var measurements) -> merge(measurements);
      case Reading.Impaired(var cause, var measurements, _) -> {
        impaired.put(endpoint, cause);
        merge(measurements);
      }
      case Reading.Down(var cause, var measurements) -> {
        down.put(endpoint, cause);
        merge(measurements);
      }
      case Reading.Unknown(var why) -> unknown.put(endpoint, why);
      case Reading.Judged _ ->
          throw new IllegalArgumentException("conditions are judged on all endpoints together");
    }
  }

  Reading together() {
    var measurements =
        measured.with("endpoints", all).with("endpointsDown", down.size()).failing(failing());
    if (down.size() == all) {
      var cause = commonest(down);
      return new Reading.Down(
          all == 1 ? cause : "all " + all + " endpoints down: " + cause, measurements);
    }
    if (unknown.size() == all) {
      return new Reading.Unknown(commonest(unknown));
    }
    if (!down.isEmpty()) {
      return new Reading.Impaired(some(down, "down"), measurements, false);
    }
    if (!unknown.isEmpty()) {
      return new Reading.Unknown(some(unknown, "cannot be told"));
    }
    if (!impaired.isEmpty()) {
      return new Reading.Impaired(
          all == 1 ? commonest(impaired) : some(impaired, "not well"), measurements, false);
    }
    return new Reading.Up(measurements);
  }

  private List<Instance> failing() {
    return down.keySet().stream()
        .flatMap(it -> Stream.ofNullable(it.uid()).map(uid -> new Instance(it.name(), uid)))
        .toList();
  }

  /** The worst of each: the slowest answer, the certificate that ends first. */
  private void merge(Measurements one) {
    for (var number : one.numbers().entrySet()) {
      var before = measured.number(number.getKey());
      var worse =
          number.getKey().equals("certificateDays")
              ? Math.min(before.orElse(number.getValue()), number.getValue())
              : Math.max(before.orElse(number.getValue()), number.getValue());
      measured = measured.with(number.getKey(), worse);
    }
    for (var word : one.words().entrySet()) {
      measured = measured.with(word.getKey(), word.getValue());
    }
  }

  private String some(SequencedMap<Endpoint, String> which, String what) {
    var first = which.firstEntry();
    var endpoint = first.getKey();
    var name =
        endpoint.name().equals(endpoint.address()) ? endpoint.name() : "pod " + endpoint.name();
    return which.size()
        + " of "
        + all
        + " endpoints "
        + what
        + ": "
        + name
        + ": "
        + first.getValue()
        + (which.size() == 1 ? "" : " …");
  }

  private static String commonest(SequencedMap<Endpoint, String> causes) {
    var counts = new LinkedHashMap<String, Integer>();
    causes.values().forEach(cause -> counts.merge(cause, 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }
}
