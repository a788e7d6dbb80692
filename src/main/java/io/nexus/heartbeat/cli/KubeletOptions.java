package io.nexus.heartbeat.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.operator.ApiServer;
import io.nexus.heartbeat.operator.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether kubelets are asked for what they measure, and how they are known. */
final class KubeletOptions {
  @Option(
      names = "--kubelet-stats",
      description =
          "Ask kubelets how full nodes and claims are, for targets of kind disk; needs the rights"
              + " of k8s/kubelet-stats.yaml.")
  private boolean wanted;

  @Option(
      names = "--kubelet-certificate-authority",
      paramLabel = "FILE",
      description =
          "PEM certificates of who signs the kubelets'; default: the cluster's own authority.")
  private @Nullable Path authority;

  @Option(
      names = "--kubelet-insecure-tls",
      description =
          "Take any certificate of a kubelet. Whoever stands between can forge the figures, and"
              + " read them with the token that they are asked with.")
  private boolean insecure;

  /** Before anything is begun. */
  void check() {
    if (!wanted && (authority != null || insecure)) {
      throw new Failure(
          ExitCode.USAGE,
          (insecure ? "--kubelet-insecure-tls" : "--kubelet-certificate-authority")
              + " says how kubelets are known, which are asked only with --kubelet-stats");
    }
    if (authority != null && insecure) {
      throw new Failure(
          ExitCode.USAGE,
          "--kubelet-certificate-authority and --kubelet-insecure-tls exclude each other");
    }
    if (authority != null) {
      pem(authority);
    }
  }

  /** Whose certificates of kubelets are believed; null: no kubelet is asked. */
  @Nullable TlsSettings trust(KubernetesClient client) throws CannotStart {
    if (!wanted) {
      return null;
    }
    if (insecure) {
      return TlsSettings.ANY_PEER;
    }
    return authority == null
        ? ApiServer.trust(client.getConfiguration())
        : new TlsSettings(
            new TlsSettings.Ca(pem(authority), authority.toString()),
            null,
            TlsSettings.Verify.FULL);
  }

  private static String pem(Path file) {
    try {
      var text = Files.readString(file);
      if (text.contains("-----BEGIN CERTIFICATE-----")) {
        return text;
      }
    } catch (IOException _) {
      // said below
    }
    throw new Failure(
        ExitCode.USAGE,
        "--kubelet-certificate-authority "
            + file
            + " cannot be read as PEM certificates, which begin with -----BEGIN CERTIFICATE-----");
  }
}
