package io.nexus.heartbeat.net;

import java.util.ArrayList;
import java.util.List;

/** From where a name is seen: the absolute names that a written host may mean, in order. */
@FunctionalInterface
public interface Scope {
  List<String> candidates(String host);

  /** As resolv.conf(5) says: search domains, and as written first from {@code ndots} dots on. */
  static Scope searching(List<String> domains, int ndots) {
    return host -> {
      if (host.endsWith(".")) {
        return List.of(host);
      }
      var candidates = new ArrayList<String>();
      domains.forEach(domain -> candidates.add(host + "." + domain));
      if (host.chars().filter(c -> c == '.').count() >= ndots) {
        candidates.addFirst(host);
      } else {
        candidates.add(host);
      }
      return candidates;
    };
  }

  /** As that file says at the time. */
  static Scope searching(ResolvConf conf) {
    return host -> {
      var settings = conf.settings();
      return searching(settings.search(), settings.ndots()).candidates(host);
    };
  }

  /**
   * As a pod of that namespace would see it, but never through the search path of the pod we run
   * in: a name without dots is a Service of the namespace and nothing else.
   */
  static Scope namespace(String namespace, String clusterDomain) {
    return host -> {
      if (host.endsWith(".")) {
        return List.of(host);
      }
      var dots = host.chars().filter(c -> c == '.').count();
      if (dots == 0) {
        return List.of(host + "." + namespace + ".svc." + clusterDomain + ".");
      }
      if (host.endsWith(".svc")) {
        return List.of(host + "." + clusterDomain + ".");
      }
      return dots == 1
          ? List.of(host + ".svc." + clusterDomain + ".", host + ".")
          : List.of(host + ".");
    };
  }
}
