package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dns;
import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A name in DNS: that it exists, has records, and which. */
record DnsCheck(DnsTarget target, Surroundings surroundings) implements Check {
  private static final int MOST_SHOWN = 3;

  static Check of(DnsTarget target, Surroundings surroundings) {
    return new DnsCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    var host = target.server();
    var question =
        new Dns.Question(
            target.name(),
            target.type().name(),
            host == null ? null : new Dns.Server(host, target.port()));
    var begun = System.nanoTime();
    try {
      var answer = surroundings.dialer().ask(question, deadline);
      var measured = Measurements.NONE.with("latency", (System.nanoTime() - begun) / 1e9);
      return switch (answer) {
        case Dns.NoSuchName _ ->
            new Reading.Down("no such name: " + target.name(), measured.with("answers", 0));
        case Dns.Records(var entries) -> judged(entries, measured.with("answers", entries.size()));
      };
    } catch (IOException e) {
      return Faults.reading(e);
    }
  }

  private Reading judged(List<Dns.Entry> entries, Measurements measured) {
    if (entries.isEmpty()) {
      return new Reading.Down(target.name() + " has no " + target.type() + " record", measured);
    }
    var all = measured.with("ttl", entries.stream().mapToLong(Dns.Entry::ttl).min().orElseThrow());
    var there =
        entries.stream().map(entry -> alike(entry.value())).collect(Collectors.toUnmodifiableSet());
    var missing = target.expect().stream().filter(value -> !there.contains(alike(value))).toList();
    if (missing.isEmpty()) {
      return new Reading.Up(all);
    }
    var words =
        shown(missing)
            + (missing.size() == 1 ? " is" : " are")
            + " missing; "
            + target.name()
            + " has "
            + shown(entries.stream().map(Dns.Entry::value).toList());
    // Some of what is expected is there: who asks may be served.
    return missing.size() < target.expect().size()
        ? new Reading.Impaired(words, all, false)
        : new Reading.Down(words, all);
  }

  /** The same for values that mean the same. */
  private String alike(String value) {
    return switch (target.type()) {
      case TXT -> value;
      case A, AAAA -> {
        var address = Literals.parse(value);
        yield address == null ? value : address.getHostAddress();
      }
      default ->
          Arrays.stream(value.toLowerCase(Locale.ROOT).split(" "))
              .map(part -> part.endsWith(".") ? part.substring(0, part.length() - 1) : part)
              .collect(Collectors.joining(" "));
    };
  }

  private static String shown(List<String> values) {
    return values.stream()
            .limit(MOST_SHOWN)
            .map(value -> Plain.text(value, 80))
            .collect(Collectors.joining(", "))
        + (values.size() > MOST_SHOWN ? " …" : "");
  }
}
