package io.nexus.heartbeat.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.demo.Stage.StageFailure;
import io.nexus.heartbeat.secret.Mask;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a guest in a cluster that is somebody's. */
@WithApiServer
@Timeout(240)
class ForeignClusterIT {
  private static final String CRD = "heartbeatmonitors.heartbeat.nexus.io";

  @TempDir private Path directory;

  private final ApiServer server;
  private final StringWriter terminal = new StringWriter();
  private final Screen screen = new Screen(new PrintWriter(terminal), false, Screen.ENDLESS);

  ForeignClusterIT(ApiServer server) {
    this.server = server;
  }

  @Test
  void theStoryIsSeenFromBeginningToEndAndNothingIsLeft() throws Exception {
    var crd = crdUid();
    var cluster = guest();
    assertThat(cluster.plan())
        .anyMatch(line -> line.contains(cluster.namespace()) && line.contains("a new one"))
        .anyMatch(line -> line.contains(CRD) && line.contains("used as it is"));
    assertThat(play(cluster, Duration.ofMinutes(1))).as(terminal.toString()).isTrue();
    assertThat(terminal.toString())
        .contains(
            "all 3 targets are healthy",
            "Critical  2/3",
            "its pods are new",
            "restarted Deployment/gateway",
            "nothing else was repaired",
            "The whole story was seen",
            "deleting namespace " + cluster.namespace())
        .doesNotContain("✗");
    assertThat(namespaceOf(cluster)).isNull();
    assertThat(crdUid()).as("the CRD was there before").isEqualTo(crd);
  }

  @Test
  void nothingIsLeftWhenAStepWasNotSeen() throws Exception {
    var cluster = guest();
    assertThat(play(cluster, Duration.ofMillis(1))).isFalse();
    assertThat(terminal.toString()).contains("✗ Step 1/6 was not seen: all 3 targets are healthy");
    assertThat(namespaceOf(cluster)).isNull();
  }

  @Test
  void nothingIsLeftWhenItIsInterrupted() throws Exception {
    var cluster = guest();
    var stop = new CountDownLatch(1);
    var player = Thread.currentThread();
    var stage = new ClusterStage(cluster, Path.of("").toAbsolutePath(), directory, new Mask());
    var ctrlC =
        Thread.startVirtualThread(
            () -> {
              while (namespaceOf(cluster) == null) {
                Thread.onSpinWait();
              }
              stop.countDown();
              player.interrupt();
            });
    assertThatThrownBy(
            () -> new Demo(stage, screen, "log", Duration.ofMinutes(1)).play(stop, false))
        .isInstanceOf(InterruptedException.class);
    var _ = Thread.interrupted(); // may still be set; what follows is the test's own
    ctrlC.join();
    assertThat(namespaceOf(cluster)).isNull();
  }

  @Test
  void aNamespaceThatIsNotTheDemosIsNotDeleted() throws Exception {
    var cluster = guest();
    server.kubectl("create", "namespace", cluster.namespace());
    assertThat(play(cluster, Duration.ofMinutes(1))).isFalse();
    assertThat(terminal.toString()).contains("already exists");
    assertThat(namespaceOf(cluster)).isNotNull();
    server.kubectl("delete", "namespace", cluster.namespace());
  }

  @Test
  void aCrdIsInstalledOnceAndGoesAgainButNotWhileOthersUseIt() {
    var mine = new Mark("mine");
    var crd = crd("spec: {type: object}");
    assertThat(crd.look()).isEqualTo(Crd.Found.NOTHING);
    crd.install(mine);
    assertThat(crd.look()).isEqualTo(Crd.Found.THIS);
    assertThat(crd.removeIfOurs(new Mark("another"), "default")).isTrue();
    assertThat(crd.look()).as("another run's is left alone").isEqualTo(Crd.Found.THIS);

    var used = "apiVersion: demo.test/v1\nkind: Thing\nmetadata: {name: a}\n";
    assertThat(server.kubectlWithInput(used, "create", "-f", "-", "-n", "default").err()).isEmpty();
    assertThat(crd.removeIfOurs(mine, "elsewhere")).isFalse();
    assertThat(crd.look()).isEqualTo(Crd.Found.THIS);
    assertThat(crd.removeIfOurs(mine, "default")).isTrue();
    assertThat(crd.look()).isEqualTo(Crd.Found.NOTHING);
  }

  @Test
  void anotherCrdOfThatNameIsSeenToBeAnother() {
    var theirs = crd("spec: {type: object, properties: {more: {type: string}}}");
    theirs.install(new Mark("theirs"));
    assertThat(crd("spec: {type: object}").look()).isEqualTo(Crd.Found.ANOTHER);
    theirs.removeIfOurs(new Mark("theirs"), "default");
  }

  @Test
  void theShippedCrdIsRecognisedAsTheApiServerKeepsIt() {
    assertThat(Crd.shipped(server.admin()).look()).isEqualTo(Crd.Found.THIS);
  }

  @Test
  void besideAnOperatorThatWatchesEverythingItIsNotPlayed() {
    server.kubectl("apply", "-f", "k8s/watch-all-namespaces.yaml");
    try {
      assertThatThrownBy(() -> guest().plan())
          .isInstanceOf(StageFailure.class)
          .hasMessageContaining("watch all namespaces");
    } finally {
      server.kubectl("delete", "-f", "k8s/watch-all-namespaces.yaml");
    }
  }

  private Crd crd(String schemaOfSpec) {
    var yaml =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.demo.test}
        spec:
          group: demo.test
          scope: Namespaced
          names: {kind: Thing, plural: things}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {%s}}}
        """
            .formatted(schemaOfSpec);
    return new Crd(server.admin(), new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
  }

  private ForeignCluster guest() {
    return new ForeignCluster("it", Config.fromKubeconfig(server.kubeconfig().toFile()));
  }

  private boolean play(Cluster cluster, Duration patience) throws InterruptedException {
    var stage = new ClusterStage(cluster, Path.of("").toAbsolutePath(), directory, new Mask());
    return new Demo(stage, screen, "log", patience).play(new CountDownLatch(1), false);
  }

  private HasMetadata namespaceOf(Cluster cluster) {
    return server.admin().namespaces().withName(cluster.namespace()).get();
  }

  private String crdUid() {
    return server
        .admin()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(CRD)
        .get()
        .getMetadata()
        .getUid();
  }
}
