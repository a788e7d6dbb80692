package io.nexus.heartbeat.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real API server with the controllers for Deployments and Jobs and a node: a simulated one, on
 * which pods become Ready by themselves, or a real one. The resource and the roles that we ship are
 * installed.
 */
public final class ApiServer {

  /** What {@code kubectl} said. */
  public record Kubectl(int exitCode, String out, String err) {}

  private static final String OPERATOR_NAMESPACE = "heartbeat-system";
  private static final String OPERATOR = "heartbeat";

  private final Cluster cluster;
  private final Config adminConfig;
  private final KubernetesClient admin;
  private final AtomicInteger namespaces = new AtomicInteger();

  private ApiServer(Cluster cluster) {
    this.cluster = cluster;
    this.adminConfig = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    this.admin = new KubernetesClientBuilder().withConfig(adminConfig).build();
  }

  static ApiServer start(Cluster.Node node) {
    var server = new ApiServer(Cluster.up(node));
    if (Files.isDirectory(Cluster.projectRoot().resolve("crds"))) {
      server.must("apply", "-f", "crds");
      // kubectl wait fails on one that has no conditions at all yet.
      await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () ->
                  server
                      .kubectl("get", "crd", "-o", "jsonpath={.items[*].status.conditions}")
                      .out()
                      .contains("Established"));
    }
    server.must("apply", "-k", "k8s");
    return server;
  }

  void close() {
    admin.close();
    cluster.down();
  }

  /** May do anything. */
  public KubernetesClient admin() {
    return admin;
  }

  /** The admin's. */
  public Path kubeconfig() {
    return cluster.kubeconfig();
  }

  /**
   * Puts an image on the real node, for {@code imagePullPolicy: Never}.
   *
   * @param source a Go program in one file, seen from the project's root directory
   */
  public void image(String source, String tag) {
    cluster.image(source, tag);
  }

  /** Puts Heartbeat's own image, as it was built, on the real node. */
  public void ownImage(String tag) {
    cluster.ownImage(tag);
  }

  /** A namespace that nobody else uses; in it the operator may do nothing yet. */
  public String namespace() {
    var name = "test-" + namespaces.incrementAndGet();
    admin
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /** Lets the operator work in a namespace, as its owner would. */
  public void allow(String namespace) {
    must("apply", "-n", namespace, "-f", "k8s/allow-namespace.yaml");
  }

  /** The operator's own rights, to be closed by the caller. */
  public KubernetesClient operator() {
    return clientFor(OPERATOR_NAMESPACE, OPERATOR);
  }

  /** The rights of a ServiceAccount and nothing else, to be closed by the caller. */
  public KubernetesClient clientFor(String namespace, String serviceAccount) {
    return new KubernetesClientBuilder().withConfig(configFor(namespace, serviceAccount)).build();
  }

  /** For a client that is built elsewhere. */
  public Config configFor(String namespace, String serviceAccount) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(adminConfig.getMasterUrl())
        .withCaCertData(adminConfig.getCaCertData())
        .withOauthToken(token(namespace, serviceAccount))
        .withNamespace(namespace)
        .build();
  }

  /**
   * Writes the operator's own rights as a kubeconfig, for an operator in a process of its own.
   *
   * @param url the API server's, or that of a proxy before it
   */
  public Path operatorKubeconfig(Path directory, String url) {
    var file = directory.resolve("operator.kubeconfig");
    try {
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: it
          contexts: [{name: it, context: {cluster: it, user: operator, namespace: %s}}]
          clusters: [{name: it, cluster: {server: "%s", certificate-authority-data: %s}}]
          users: [{name: operator, user: {token: %s}}]
          """
              .formatted(
                  OPERATOR_NAMESPACE,
                  url,
                  adminConfig.getCaCertData(),
                  token(OPERATOR_NAMESPACE, OPERATOR)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** Runs kubectl as admin, in the project's root directory. */
  public Kubectl kubectl(String... args) {
    return kubectlWithInput("", args);
  }

  /** The same, for {@code -f -}. */
  public Kubectl kubectlWithInput(String input, String... args) {
    var result = cluster.kubectl(input, args);
    return new Kubectl(result.exitCode(), result.out(), result.err());
  }

  private String token(String namespace, String serviceAccount) {
    return must("create", "token", serviceAccount, "-n", namespace, "--duration=8h").strip();
  }

  private String must(String... args) {
    var result = kubectl(args);
    if (result.exitCode() != 0) {
      throw new IllegalStateException(
          "kubectl " + String.join(" ", args) + ": " + result.err() + result.out());
    }
    return result.out();
  }
}
