package io.nexus.heartbeat.wiring;

import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.operator.Reviews;
import io.nexus.heartbeat.operator.Reviews.Reader;
import io.nexus.heartbeat.operator.Reviews.Unanswered;
import io.nexus.heartbeat.web.Readers;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Set;

/** In a cluster a monitor's health is read by whoever may read the monitor. */
public final class ClusterReaders implements Readers {
  /** Each is a question to the API server. */
  private static final int MOST_NAMESPACES = 100;

  private final Reviews reviews;

  public ClusterReaders(Reviews reviews) {
    this.reviews = reviews;
  }

  @Override
  public Admission admit(Request request) {
    if (request.token() == null) {
      return new Admission.WhoAreYou(
          "a bearer token is needed of somebody who may get heartbeatmonitors, such as: kubectl"
              + " create token NAME");
    }
    try {
      var reader = reviews.reader(request.token());
      if (reader.isEmpty()) {
        return new Admission.WhoAreYou("the API server does not know this token");
      }
      return request.wanted() == null
          ? all(reader.get(), request.known())
          : one(reader.get(), request.wanted());
    } catch (Unanswered e) {
      return new Admission.CannotTell(String.valueOf(e.getMessage()));
    }
  }

  private Admission one(Reader reader, MonitorKey wanted) throws Unanswered {
    return reviews.mayRead(reader, "get", wanted.namespace(), wanted.name())
        ? new Admission.Granted(Set.of(wanted))
        : new Admission.Denied("you may not get this heartbeatmonitor");
  }

  private Admission all(Reader reader, Set<MonitorKey> known) throws Unanswered {
    if (reviews.mayRead(reader, "list", "", "")) {
      return new Admission.Granted(known);
    }
    var seen = new LinkedHashSet<MonitorKey>();
    var asked = new HashMap<String, Boolean>();
    for (var monitor : known) {
      var namespace = monitor.namespace();
      if (!asked.containsKey(namespace) && asked.size() < MOST_NAMESPACES) {
        asked.put(namespace, reviews.mayRead(reader, "list", namespace, ""));
      }
      if (asked.getOrDefault(namespace, false)) {
        seen.add(monitor);
      }
    }
    return seen.isEmpty()
        ? new Admission.Denied("you may not list heartbeatmonitors in any namespace watched here")
        : new Admission.Granted(seen);
  }
}
