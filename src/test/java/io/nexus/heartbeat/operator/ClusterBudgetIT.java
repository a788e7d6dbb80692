package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.decide.Allowance;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What all monitors share is spent by compare-and-set on a real API server. */
@WithApiServer
class ClusterBudgetIT {
  private static final Shares SHARES =
      new Shares(new Allowance(4, Duration.ofHours(1)), new Allowance(3, Duration.ofHours(1)));

  /** In the operator's own namespace other tests have spent already. */
  private static final Shares PLENTY =
      new Shares(
          new Allowance(Shares.MOST, Duration.ofHours(1)),
          new Allowance(Shares.MOST, Duration.ofHours(1)));

  private final ApiServer server;
  private final String namespace;

  ClusterBudgetIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
  }

  private ClusterBudget budget(KubernetesClient client) {
    return new ClusterBudget(client, () -> namespace, SHARES, InstantSource.system());
  }

  @Test
  void anActIsSpentOnceByWhomeverItIsAskedForAndHoweverOften() throws Exception {
    var one = budget(server.admin());
    var other = budget(server.admin());
    for (var i = 0; i < 5; i++) {
      assertThat(one.spend("team-a", "a1")).isEmpty();
      assertThat(other.spend("team-a", "a1")).isEmpty();
    }
    assertThat(configMap().getData()).containsOnlyKeys("a1");
    assertThat(configMap().getData().get("a1")).endsWith("Z team-a");
  }

  @Test
  void twoReplicasThatBothActSpendNoMoreTogether() throws Exception {
    var budgets = new ClusterBudget[] {budget(server.admin()), budget(server.admin())};
    var wishes =
        IntStream.range(0, 8)
            .<Callable<Optional<String>>>mapToObj(
                i -> () -> budgets[i % 2].spend(i < 4 ? "team-a" : "team-b", "a" + i))
            .toList();
    var refused = new ArrayList<String>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : callers.invokeAll(wishes)) {
        answer.get().ifPresent(refused::add);
      }
    }
    assertThat(refused).hasSize(4).allMatch(why -> why.contains("are spent, until"));
    assertThat(configMap().getData()).hasSize(4);
    assertThat(budget(server.admin()).closed("team-c"))
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("of the installation, 4 of 4 acts in 1 h are spent"));
  }

  @Test
  void whatSomebodyElseWroteThereIsClosed() throws Exception {
    server
        .admin()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(ClusterBudget.NAME)
                .withNamespace(namespace)
                .endMetadata()
                .addToData("note", "please do not delete")
                .build())
        .create();
    var why =
        "ConfigMap heartbeat-budget in namespace "
            + namespace
            + " is not what Heartbeat wrote: its entry note is not a time and a namespace; remove"
            + " it";
    assertThat(budget(server.admin()).closed("team-a")).contains(why);
    assertThat(budget(server.admin()).spend("team-a", "a1")).contains(why);
  }

  @Test
  void withoutTheRightItIsClosedAndNamesTheRemedy() throws Exception {
    try (var operator = server.operator()) {
      assertThat(budget(operator).spend("team-a", "a1"))
          .hasValueSatisfying(
              why ->
                  assertThat(why)
                      .contains("configmaps \"heartbeat-budget\" is forbidden")
                      .endsWith("To allow it: kubectl apply -f k8s/operator-roles.yaml"));
    }
  }

  @Test
  void theRightsThatWeShipAreEnoughInItsOwnNamespaceAndForNothingElseThere() throws Exception {
    try (var operator = server.operator()) {
      var own =
          new ClusterBudget(
              operator, () -> Account.namespaceOf(operator), PLENTY, InstantSource.system());
      assertThat(own.spend("team-a", "from-cluster-budget-it")).isEmpty();
      assertThat(
              operator
                  .configMaps()
                  .inNamespace("heartbeat-system")
                  .withName(ClusterBudget.NAME)
                  .get()
                  .getData())
          .containsKey("from-cluster-budget-it");
    }
    for (var verb : new String[] {"list", "watch", "delete", "patch"}) {
      var can =
          server.kubectl(
              "auth",
              "can-i",
              verb,
              "configmaps",
              "-n",
              "heartbeat-system",
              "--as=system:serviceaccount:heartbeat-system:heartbeat");
      assertThat(can.out().strip()).as(verb).isEqualTo("no");
    }
  }

  private io.fabric8.kubernetes.api.model.ConfigMap configMap() {
    return server.admin().configMaps().inNamespace(namespace).withName(ClusterBudget.NAME).get();
  }
}
