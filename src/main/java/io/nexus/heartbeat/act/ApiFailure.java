package io.nexus.heartbeat.act;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the API server, or the way to it, said; in words for a person. */
public final class ApiFailure {
  private static final Pattern ACCOUNT =
      Pattern.compile("User \"system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)\"");

  private ApiFailure() {}

  public static String words(KubernetesClientException failure) {
    var status = failure.getStatus();
    if (status != null && status.getMessage() != null && !status.getMessage().isBlank()) {
      return status.getMessage().strip();
    }
    if (failure.getCode() > 0) {
      return "the API server answered " + failure.getCode();
    }
    return "the API server does not answer: " + transport(failure);
  }

  /** What the API server said, in whatever it is wrapped; null when it is about something else. */
  public static @Nullable KubernetesClientException in(@Nullable Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException said) {
        return said;
      }
    }
    return null;
  }

  private static String transport(Throwable failure) {
    @Nullable String said = failure.getMessage();
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
        return "timed out";
      }
      if (cause instanceof ConnectException) {
        return "connection refused";
      }
      if (cause.getMessage() != null) {
        said = cause.getMessage();
      }
    }
    return said == null ? "connection lost" : said;
  }

  /**
   * The command by which a namespace's owner grants what a 403 was about. The API server names the
   * account it refused, so the command is right wherever Heartbeat is installed.
   */
  public static String grant(
      KubernetesClientException forbidden, String clusterRole, String namespace) {
    var account = ACCOUNT.matcher(words(forbidden));
    return grant(
        clusterRole,
        namespace,
        account.find() ? account.group(1) + ":" + account.group(2) : "heartbeat-system:heartbeat");
  }

  /**
   * @param account {@code namespace:name} of Heartbeat's ServiceAccount
   */
  public static String grant(String clusterRole, String namespace, String account) {
    return "kubectl create rolebinding %s -n %s --clusterrole=%s --serviceaccount=%s"
        .formatted(clusterRole, namespace, clusterRole, account);
  }
}
