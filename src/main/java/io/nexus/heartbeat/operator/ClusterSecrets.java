package io.nexus.heartbeat.operator;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Secret;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The Secrets of one namespace, as far as their owner released them. */
record ClusterSecrets(SecretReader reader, String namespace) implements Secrets {
  private static final String RELEASED = HeartbeatMonitor.GROUP + "/secret";
  private static final String HOSTS = HeartbeatMonitor.GROUP + "/hosts";

  @Override
  public SecretValue read(ValueFrom from, String host) throws SecretUnavailable {
    var ref = from.secretKeyRef();
    if (ref == null) {
      throw new SecretUnavailable(
          from + ": it is for a host only; in a cluster name a Secret, in secretKeyRef");
    }
    try {
      return switch (reader.read(namespace, ref.name())) {
        case SecretReader.Answer.Not not -> throw new SecretUnavailable(not.why());
        case SecretReader.Answer.Found found -> {
          released(found.secret());
          maySee(found.secret(), host);
          yield value(found.secret(), ref.key());
        }
      };
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new SecretUnavailable("Secret " + ref.name() + ": interrupted while it was read");
    }
  }

  private void released(Secret secret) throws SecretUnavailable {
    var labels = requireNonNullElse(secret.getMetadata().getLabels(), Map.<String, String>of());
    if (!"allowed".equals(labels.get(RELEASED))) {
      var name = secret.getMetadata().getName();
      throw new SecretUnavailable(
          "Secret %s is not released to Heartbeat: kubectl label secret %s -n %s %s=allowed"
              .formatted(name, name, namespace, RELEASED));
    }
  }

  private void maySee(Secret secret, String host) throws SecretUnavailable {
    var annotations =
        requireNonNullElse(secret.getMetadata().getAnnotations(), Map.<String, String>of());
    var hosts = annotations.get(HOSTS);
    if (hosts == null || host.isEmpty()) {
      return;
    }
    var wanted = plain(host);
    if (Arrays.stream(hosts.split(",", -1)).noneMatch(allowed -> plain(allowed).equals(wanted))) {
      throw new SecretUnavailable(
          "Secret %s must not go to host %s: its annotation %s allows only %s"
              .formatted(secret.getMetadata().getName(), host, HOSTS, hosts.strip()));
    }
  }

  /** Names are compared as DNS does: without case, with or without the last dot. */
  private static String plain(String host) {
    var name = host.strip().toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static SecretValue value(Secret secret, String key) throws SecretUnavailable {
    var data = requireNonNullElse(secret.getData(), Map.<String, String>of());
    var encoded = data.get(key);
    if (encoded == null) {
      throw new SecretUnavailable(
          "Secret %s has no key %s; it has: %s"
              .formatted(
                  secret.getMetadata().getName(),
                  key,
                  data.isEmpty() ? "none" : String.join(", ", new TreeSet<>(data.keySet()))));
    }
    return new SecretValue(Base64.getDecoder().decode(encoded));
  }
}
