package io.nexus.heartbeat.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.net.Cidr;
import io.nexus.heartbeat.operator.ApiServer;
import io.nexus.heartbeat.operator.CannotStart;
import io.nexus.heartbeat.operator.Operator;
import io.nexus.heartbeat.operator.Reviews;
import io.nexus.heartbeat.operator.Settings;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.wiring.ClusterOutside;
import io.nexus.heartbeat.wiring.ClusterReaders;
import io.nexus.heartbeat.wiring.Machinery;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = {
      "Watches HeartbeatMonitors in Kubernetes, until it is stopped.",
      "Outside a cluster it uses your KUBECONFIG and its current context."
    })
final class OperatorCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(OperatorCommand.class);

  @Mixin private final LogOptions logs = new LogOptions();

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      description = "Whose monitors are watched; repeatable. Default: our own, or the context's.")
  private List<String> namespaces = List.of();

  @Option(names = "--all-namespaces", description = "Watch the monitors of every namespace.")
  private boolean allNamespaces;

  @Option(
      names = "--selector",
      paramLabel = "LABELS",
      description = "Watch only monitors with these labels, such as team=a.")
  private @Nullable String selector;

  @Option(
      names = "--allow-address",
      paramLabel = "CIDR",
      description =
          "Addresses that checks may open although they are refused by rule: loopback, link-local,"
              + " metadata, this machine's own, nodes, the API server, Services of other namespaces."
              + " Repeatable.")
  private List<String> allowAddress = List.of();

  @Option(
      names = "--cluster-domain",
      paramLabel = "DOMAIN",
      defaultValue = "cluster.local",
      description = "Under which Services have their names; default ${DEFAULT-VALUE}.")
  private String clusterDomain = "cluster.local";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Of health and metrics; default ${DEFAULT-VALUE}.")
  private int port = 8080;

  @Option(
      names = "--cleanup-image",
      paramLabel = "IMAGE",
      defaultValue = "${env:HEARTBEAT_IMAGE}",
      description =
          "This program's own image, which the Jobs run that clean volumes; default: the environment"
              + " variable HEARTBEAT_IMAGE.")
  private @Nullable String cleanupImage;

  @Mixin private final BudgetOptions budget = new BudgetOptions();

  @Mixin private final KubeletOptions kubelets = new KubeletOptions();

  @Override
  public Integer call() {
    var allowed = allowed();
    checkOptions();
    var mask = new Mask();
    logs.apply(mask);
    var stop = Stop.onSignals();
    try (var client = ApiServer.connect(Main.version());
        var machinery = new Machinery(Main.version(), mask)) {
      var outside = new ClusterOutside(machinery, allowed, clusterDomain);
      try (var operator =
          new Operator(
              client, settings(client), outside, InstantSource.system(), machinery::engine)) {
        Serving.start(
            machinery,
            new InetSocketAddress(port),
            "--port",
            new ClusterReaders(new Reviews(client)),
            operator::whyBroken,
            operator::whyNotReady);
        operator.start();
        machinery.hearPresses();
        stop.started();
        stop.await();
      }
    } catch (CannotStart e) {
      if (!stop.isTold()) {
        throw new Failure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
      }
    } catch (InterruptedException _) {
      log.info("stopped while starting");
    }
    return stop.exitCode();
  }

  private void checkOptions() {
    if (port < 0 || port > Addresses.LARGEST_PORT) {
      throw new Failure(
          ExitCode.USAGE,
          "--port "
              + port
              + " is no port; 1 to "
              + Addresses.LARGEST_PORT
              + " is, and 0 takes any free one");
    }
    if (allNamespaces && !namespaces.isEmpty()) {
      throw new Failure(ExitCode.USAGE, "--namespace and --all-namespaces exclude each other");
    }
    kubelets.check();
    budget.check();
  }

  private Settings settings(KubernetesClient client) throws CannotStart {
    var own = Objects.requireNonNullElse(client.getNamespace(), "default");
    var watched = allNamespaces || !namespaces.isEmpty() ? namespaces : List.of(own);
    var instance = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "heartbeat");
    return new Settings(
        watched,
        allNamespaces,
        selector,
        allowAddress,
        port,
        Main.version(),
        instance,
        budget.shares(),
        cleanupImage == null || cleanupImage.isBlank() ? null : cleanupImage,
        kubelets.trust(client));
  }

  private List<Cidr> allowed() {
    try {
      return allowAddress.stream().map(Cidr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--allow-address: " + e.getMessage());
    }
  }
}
