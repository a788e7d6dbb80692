package io.nexus.heartbeat.check;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.nexus.heartbeat.net.Misconfigured;
import java.util.ArrayList;
import java.util.List;

/** Status codes and ranges of them, such as 200 and "300-399". */
record ExpectedStatus(List<Range> ranges) {
  record Range(int from, int to) {}

  static ExpectedStatus of(List<IntOrString> written) throws Misconfigured {
    var ranges = new ArrayList<Range>(written.size());
    for (var each : written) {
      ranges.add(each.getIntVal() != null ? one(each.getIntVal()) : range(each.getStrVal()));
    }
    return new ExpectedStatus(ranges);
  }

  boolean has(int status) {
    for (var range : ranges) {
      if (status >= range.from() && status <= range.to()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a redirect is what is looked for, and so not followed. */
  boolean hasRedirects() {
    return ranges.stream().anyMatch(range -> range.from() <= 399 && range.to() >= 300);
  }

  private static Range one(int status) {
    return new Range(status, status);
  }

  private static Range range(String text) throws Misconfigured {
    try {
      var dash = text.indexOf('-');
      return dash < 0
          ? one(Integer.parseInt(text.strip()))
          : new Range(
              Integer.parseInt(text.substring(0, dash).strip()),
              Integer.parseInt(text.substring(dash + 1).strip()));
    } catch (NumberFormatException _) {
      throw new Misconfigured(
          "expect.status '"
              + text
              + "' is neither a status such as 200 nor a range such as 300-399");
    }
  }
}
