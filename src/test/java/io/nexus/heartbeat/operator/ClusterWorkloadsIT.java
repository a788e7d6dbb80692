package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.nexus.heartbeat.api.WorkloadRef;
import io.nexus.heartbeat.api.WorkloadRef.Kind;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.WorkloadStates.PodState;
import io.nexus.heartbeat.check.WorkloadStates.Progress;
import io.nexus.heartbeat.check.WorkloadStates.State;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.net.Deadlines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@WithApiServer
class ClusterWorkloadsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final WorkloadRef SWEEPER = new WorkloadRef(Kind.Deployment, "sweeper");

  private final ApiServer server;
  private final String namespace;
  private final KubernetesClient client;
  private final Deadlines deadlines = new Deadlines();

  ClusterWorkloadsIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    server.allow(namespace);
    this.client = server.operator();
  }

  @AfterEach
  void close() {
    deadlines.close();
    client.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theReadyPodsOfEachKindAreCounted(Kind kind) throws Exception {
    apply(kind, 1, "");
    var state = await(new WorkloadRef(kind, "sweeper"), it -> it.ready() == 1 && settled(it));
    assertThat(state.desired()).isEqualTo(1);
    assertThat(state.pods()).singleElement().satisfies(pod -> assertThat(pod.ready()).isTrue());
  }

  @Test
  void aCrashLoopIsToldWithItsLastEnd() throws Exception {
    apply(Kind.Deployment, 2, "");
    var pod = await(SWEEPER, it -> it.ready() == 2).pods().getFirst().name();
    patch(
        pod,
        """
        {"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"main",
         "image":"x","imageID":"","ready":false,"restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff",
         "message":"back-off 5m0s"}},"lastState":{"terminated":{"reason":"OOMKilled","exitCode":137}}}]}""");
    var state = await(SWEEPER, it -> it.ready() == 1);
    assertThat(state.pods())
        .contains(
            new PodState(
                pod,
                false,
                7,
                "container main crash-loops: OOMKilled, exit code 137, 7 restarts",
                true));
    assertThat(state.progress()).isInstanceOf(Progress.Settled.class);
  }

  @Test
  void anImageThatCannotBePulledIsToldInTheKubeletsWords() throws Exception {
    apply(Kind.Deployment, 1, "");
    var pod = await(SWEEPER, it -> it.ready() == 1).pods().getFirst().name();
    patch(
        pod,
        """
        {"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"main",
         "image":"x","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff",
         "message":"Back-off pulling image \\"nope:1\\""}}}]}""");
    assertThat(await(SWEEPER, it -> it.ready() == 0).pods())
        .containsExactly(
            new PodState(
                pod,
                false,
                0,
                "container main: ImagePullBackOff: Back-off pulling image \"nope:1\"",
                true));
  }

  @Test
  void aPendingPodIsToldInTheSchedulersWordsAndAStuckRolloutAsSuch() throws Exception {
    apply(Kind.Deployment, 1, "nodeSelector: {disk: none}");
    var state =
        await(SWEEPER, it -> it.progress() instanceof Progress.Stuck && !it.pods().isEmpty());
    assertThat(((Progress.Stuck) state.progress()).words()).contains("ProgressDeadlineExceeded");
    assertThat(state.pods().getFirst().trouble())
        .startsWith("not scheduled: 0/1 nodes are available");
    assertThat(state.pods().getFirst().hopeless()).isTrue();
  }

  @Test
  void aStatefulSetThatDoesNotMoveForLongIsStuckThoughItKnowsNoDeadline() throws Exception {
    apply(Kind.StatefulSet, 1, "");
    var ref = new WorkloadRef(Kind.StatefulSet, "sweeper");
    await(ref, it -> it.ready() == 1 && settled(it));
    server.kubectl(
        "patch",
        "statefulset",
        "sweeper",
        "-n",
        namespace,
        "-p",
        "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"disk\":\"none\"}}}}}");
    await(ref, it -> it.progress() instanceof Progress.Moving && it.ready() == 0);
    var later = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(11));
    assertThat(read(new ClusterWorkloads(client, namespace, later), ref).progress())
        .isInstanceOf(Progress.Stuck.class);
  }

  @Test
  void scaledToZeroNoPodIsDesired() throws Exception {
    apply(Kind.Deployment, 0, "");
    assertThat(await(SWEEPER, ClusterWorkloadsIT::settled).desired()).isZero();
  }

  @Test
  void whatIsNotThereOrMayNotBeSeenIsToldAsSuch() {
    assertThatThrownBy(() -> read(workloads(), SWEEPER))
        .isInstanceOf(NotTold.class)
        .hasMessage("no Deployment sweeper in namespace " + namespace);
    var other = server.namespace();
    assertThatThrownBy(
            () -> read(new ClusterWorkloads(client, other, InstantSource.system()), SWEEPER))
        .isInstanceOf(NotTold.class)
        .hasMessage(
            "Heartbeat may not see Deployment/sweeper in namespace %1$s: kubectl create rolebinding heartbeat-actor -n %1$s --clusterrole=heartbeat-actor --serviceaccount=heartbeat-system:heartbeat"
                .formatted(other));
  }

  @Test
  void anApiServerThatIsSilentCostsNoMoreThanTheTimeOut() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var cut = ApiServerClient.at("http://127.0.0.1:" + silent.getLocalPort());
        var deadline = deadlines.start(Duration.ofMillis(500))) {
      var begun = System.nanoTime();
      var workloads = new ClusterWorkloads(cut, namespace, InstantSource.system());
      assertThatThrownBy(() -> workloads.of(SWEEPER, deadline))
          .isInstanceOf(NotTold.class)
          .hasMessage("Deployment/sweeper cannot be read: the API server: timed out after 500 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }
  }

  private static boolean settled(State state) {
    return state.progress() instanceof Progress.Settled;
  }

  private ClusterWorkloads workloads() {
    return new ClusterWorkloads(client, namespace, InstantSource.system());
  }

  private State await(WorkloadRef workload, Predicate<State> wanted) {
    return org.awaitility.Awaitility.await()
        .atMost(PATIENCE)
        .ignoreException(NotTold.class)
        .until(() -> read(workloads(), workload), wanted);
  }

  private State read(ClusterWorkloads workloads, WorkloadRef workload) throws Exception {
    try (var deadline = deadlines.start(Duration.ofSeconds(10))) {
      return workloads.of(workload, deadline);
    }
  }

  private void patch(String pod, String status) {
    var result =
        server.kubectl(
            "patch",
            "pod",
            pod,
            "-n",
            namespace,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":" + status.replace("\n", " ") + "}");
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private void apply(Kind kind, int replicas, String more) {
    Monitors.apply(
        server,
        """
        apiVersion: apps/v1
        kind: %s
        metadata: {name: sweeper, namespace: %s}
        spec:
          %s
          selector: {matchLabels: {app: sweeper}}
          template:
            metadata: {labels: {app: sweeper}}
            spec:
              containers: [{name: main, image: example.com/sweeper:1}]
              %s
        """
            .formatted(
                kind,
                namespace,
                switch (kind) {
                  case Deployment -> "replicas: " + replicas + "\n  progressDeadlineSeconds: 1";
                  case StatefulSet -> "replicas: " + replicas;
                  case DaemonSet -> "minReadySeconds: 0";
                },
                more));
  }
}
