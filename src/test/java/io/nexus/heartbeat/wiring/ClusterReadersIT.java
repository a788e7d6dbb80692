package io.nexus.heartbeat.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.operator.Reviews;
import io.nexus.heartbeat.web.Readers.Admission;
import io.nexus.heartbeat.web.Readers.Request;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A monitor's health is for whoever may read the monitor, as the API server says. */
@WithApiServer
class ClusterReadersIT {
  private final ApiServer server;
  private final MonitorKey mine;
  private final MonitorKey other;

  ClusterReadersIT(ApiServer server) {
    this.server = server;
    mine = new MonitorKey(server.namespace(), "nexus");
    other = new MonitorKey(server.namespace(), "nexus");
  }

  @Test
  void aViewerOfANamespaceReadsItsMonitorsAndNoOthers() {
    kubectl("apply", "-f", "k8s/health-page.yaml");
    var viewer = account("viewer");
    kubectl(
        "create",
        "rolebinding",
        "v",
        "-n",
        mine.namespace(),
        "--clusterrole=view",
        "--serviceaccount=" + mine.namespace() + ":viewer");
    try (var client = server.operator()) {
      var readers = new ClusterReaders(new Reviews(client));
      assertThat(readers.admit(request(viewer, null)))
          .isEqualTo(new Admission.Granted(Set.of(mine)));
      assertThat(readers.admit(request(viewer, mine)))
          .isEqualTo(new Admission.Granted(Set.of(mine)));
      assertThat(readers.admit(request(viewer, other))).isInstanceOf(Admission.Denied.class);
      assertThat(readers.admit(request(account("nobody"), null)))
          .isInstanceOf(Admission.Denied.class);
      assertThat(readers.admit(request("forged.token", null)))
          .isInstanceOf(Admission.WhoAreYou.class);
      assertThat(readers.admit(request(null, mine))).isInstanceOf(Admission.WhoAreYou.class);
    }
  }

  @Test
  void withoutTheRightToAskNobodyIsLetInAndTheFixIsNamed() {
    var viewer = account("viewer");
    account("poor");
    try (var client = server.clientFor(mine.namespace(), "poor")) {
      assertThat(new ClusterReaders(new Reviews(client)).admit(request(viewer, null)))
          .isInstanceOfSatisfying(
              Admission.CannotTell.class,
              answer ->
                  assertThat(answer.words()).contains("kubectl apply -f k8s/health-page.yaml"));
    }
  }

  private Request request(@Nullable String token, @Nullable MonitorKey wanted) {
    return new Request(token, "heartbeat", wanted, Set.of(mine, other));
  }

  private String account(String name) {
    kubectl("create", "serviceaccount", name, "-n", mine.namespace());
    return kubectl("create", "token", name, "-n", mine.namespace()).strip();
  }

  private String kubectl(String... args) {
    var said = server.kubectl(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return said.out();
  }
}
