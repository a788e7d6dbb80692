package io.nexus.heartbeat.demo;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.nexus.heartbeat.act.ApiFailure;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import io.nexus.heartbeat.operator.ApiServer;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that is somebody's, by a context of the kubeconfig. The demo is a guest there: a new
 * namespace, the CRD when there is none, and both go again. Nothing that was there is changed.
 */
public final class ForeignCluster implements Cluster {
  private static final int GOING_SECONDS = 90;

  /** An operator that watches everything would check the demo's monitor too, from elsewhere. */
  private static final String WATCHES_ALL = "heartbeat-watcher";

  private final String context;
  private final Config config;
  private final String namespace;
  private final Mark mark = new Mark(UUID.randomUUID().toString());
  private @Nullable Screen screen;
  private @Nullable String installedCrd;

  ForeignCluster(String context, Config config) {
    this.context = context;
    this.config = config;
    this.namespace = "heartbeat-demo-" + letters(5);
  }

  /**
   * As kubectl finds it, by KUBECONFIG or in ~/.kube.
   *
   * @throws StageFailure there is no such context
   */
  public static ForeignCluster of(String context) throws StageFailure {
    var config = Config.autoConfigure(context);
    // The client takes the current one when there is none of that name.
    if (config.getCurrentContext() == null
        || !context.equals(config.getCurrentContext().getName())) {
      var known =
          config.getContexts().stream()
              .map(NamedContext::getName)
              .sorted()
              .collect(Collectors.joining(", "));
      throw new StageFailure(
          "there is no context '%s' in your kubeconfig; %s"
              .formatted(context, known.isEmpty() ? "it has none" : "it has " + known));
    }
    return new ForeignCluster(context, config);
  }

  /**
   * Only looks.
   *
   * @return what would be done there, line by line
   * @throws StageFailure it cannot be done
   */
  public List<String> plan() throws StageFailure {
    try (var client = client()) {
      var version = client.getKubernetesVersion().getGitVersion();
      refuseBesideAnother(client);
      var plan = new ArrayList<String>();
      plan.add("context    " + context);
      plan.add("cluster    " + config.getMasterUrl() + ", Kubernetes " + version);
      plan.add("namespace  " + namespace + ", a new one, and in it:");
      plan.add("           Deployment gateway, 3 pods of registry.k8s.io/pause");
      plan.add("           (they ask for 10m CPU and 16Mi of memory each, and do nothing)");
      plan.add("           ServiceAccount heartbeat and its Roles, in this namespace only");
      plan.add("           Secrets postgres, redis and telegram, for what runs on this machine");
      plan.add("           HeartbeatMonitor nexus");
      var crd = Crd.shipped(client);
      plan.add(
          switch (crd.look()) {
            case NOTHING -> "CRD        " + crd.name() + " is installed, as there is none";
            case THIS -> "CRD        " + crd.name() + " is there and is used as it is";
            case ANOTHER -> throw different(crd);
            case BEING_DELETED ->
                throw new StageFailure(
                    "context %s: the CRD %s is being deleted; try again when it is gone"
                        .formatted(context, crd.name()));
          });
      plan.add("At the end all of it is removed again, also after Ctrl-C.");
      return List.copyOf(plan);
    } catch (KubernetesClientException e) {
      throw new StageFailure(words(e));
    }
  }

  private void refuseBesideAnother(KubernetesClient client) throws StageFailure {
    try {
      if (client.rbac().clusterRoleBindings().withName(WATCHES_ALL).get() != null) {
        throw new StageFailure(
            "context %s: an operator of Heartbeat is allowed to watch all namespaces there"
                    .formatted(context)
                + " (ClusterRoleBinding heartbeat-watcher); it would check the demo's monitor too,"
                + " from where it runs, and contradict this one. './heartbeat demo' needs no"
                + " cluster of yours");
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) { // who may not look goes on
        throw e;
      }
    }
  }

  private StageFailure different(Crd crd) {
    return new StageFailure(
        "context %s: the cluster has a CRD %s that is not this version's, and the demo does not"
                .formatted(context, crd.name())
            + " replace it. To see what differs: heartbeat crd | kubectl --context "
            + context
            + " diff -f -");
  }

  @Override
  public void open(Screen terminal) throws StageFailure {
    screen = terminal;
    try (var client = client()) {
      terminal.note("creating namespace " + namespace + " in " + context);
      var made = new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build();
      mark.on(made);
      client.resource(made).create(); // never one that is there already
      var crd = Crd.shipped(client);
      switch (crd.look()) {
        case NOTHING -> {
          terminal.note("installing the CRD " + crd.name());
          installedCrd = crd.name();
          crd.install(mark);
        }
        case THIS -> crd.awaitEstablished();
        case ANOTHER, BEING_DELETED -> throw different(crd);
      }
    } catch (KubernetesClientException e) {
      throw new StageFailure(words(e));
    }
  }

  @Override
  public Config admin() {
    return config;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public String kubectl() {
    return "kubectl --context " + context + " -n " + namespace;
  }

  @Override
  public List<String> shell() {
    return List.of();
  }

  @Override
  public void close() throws StageFailure {
    if (screen == null) {
      return;
    }
    try (var client = client()) {
      removeNamespace(client, screen);
      var crd = Crd.shipped(client);
      if (!crd.removeIfOurs(mark, namespace)) {
        screen.note(
            "The CRD " + crd.name() + " stays: somebody has created a HeartbeatMonitor meanwhile.");
      } else {
        screen.note("gone; nothing of the demo is left in " + context);
      }
    } catch (KubernetesClientTimeoutException _) {
      throw new StageFailure(
          "context %s: not gone after %d s. %s".formatted(context, GOING_SECONDS, leftovers()));
    } catch (KubernetesClientException e) {
      throw new StageFailure(words(e) + ". " + leftovers());
    }
  }

  private String leftovers() {
    var kubectl = "kubectl --context " + context + " delete ";
    return "To remove what is left: "
        + kubectl
        + "namespace "
        + namespace
        + (installedCrd == null ? "" : "; " + kubectl + "crd " + installedCrd);
  }

  private void removeNamespace(KubernetesClient client, Screen terminal) {
    var there = client.namespaces().withName(namespace);
    var found = there.get();
    if (found != null && mark.isOn(found)) {
      terminal.note("deleting namespace " + namespace + " and what is in it");
      there.delete();
      there.waitUntilCondition(Objects::isNull, GOING_SECONDS, TimeUnit.SECONDS);
    }
  }

  private KubernetesClient client() {
    return ApiServer.connect(config, "demo");
  }

  private String words(KubernetesClientException failure) {
    return "context %s (%s): %s"
        .formatted(context, config.getMasterUrl(), ApiFailure.words(failure));
  }

  /** As Kubernetes makes names: without vowels and what looks alike. */
  private static String letters(int count) {
    var alphabet = "bcdfghjklmnpqrstvwxz2456789";
    return new SecureRandom()
        .ints(count, 0, alphabet.length())
        .mapToObj(i -> alphabet.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
