package io.nexus.heartbeat.operator;

import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import io.nexus.heartbeat.net.TlsSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator decides about one installation.
 *
 * @param namespaces those whose monitors are watched; empty only with {@code allNamespaces}
 * @param selector of the monitors' labels; null: every monitor
 * @param allowAddress networks in CIDR form that checks may open although they are refused by rule
 * @param port of health, metrics and pages
 * @param version of this build, for logs and the field manager
 * @param instance which replica writes, for Events: the pod's name
 * @param shares what all monitors may spend together
 * @param image of Heartbeat, for Jobs that clean volumes; null: none does
 * @param kubelets whose certificates of kubelets are believed; null: no kubelet is asked
 */
public record Settings(
    List<String> namespaces,
    boolean allNamespaces,
    @Nullable String selector,
    List<String> allowAddress,
    int port,
    String version,
    String instance,
    Shares shares,
    @Nullable String image,
    @Nullable TlsSettings kubelets) {
  /** No kubelet is asked. */
  public Settings(
      List<String> namespaces,
      boolean allNamespaces,
      @Nullable String selector,
      List<String> allowAddress,
      int port,
      String version,
      String instance) {
    this(
        namespaces,
        allNamespaces,
        selector,
        allowAddress,
        port,
        version,
        instance,
        Shares.DEFAULT,
        null,
        null);
  }

  public Settings {
    namespaces = List.copyOf(namespaces);
    allowAddress = List.copyOf(allowAddress);
    if (namespaces.isEmpty() != allNamespaces) {
      throw new IllegalArgumentException(
          "either --namespace, once or more, or --all-namespaces is right");
    }
  }

  /** For people. */
  String watched() {
    return allNamespaces ? "all namespaces" : "namespaces " + String.join(", ", namespaces);
  }
}
