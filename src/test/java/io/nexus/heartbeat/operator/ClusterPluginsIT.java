package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.check.PluginJobs.Ended;
import io.nexus.heartbeat.check.PluginJobs.Order;
import io.nexus.heartbeat.cluster.ApiServer;
import io.nexus.heartbeat.cluster.WithApiServer;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.net.Deadlines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real Jobs. Where a pod can be scheduled it is simulated and ends well at once; where it cannot,
 * this stands in for the kubelet.
 */
@WithApiServer
class ClusterPluginsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:20Z");
  private static final Order ORDER = new Order("orders", "order-check", Duration.ofMinutes(1));

  private final ApiServer server;
  private final String namespace;
  private final KubernetesClient client;
  private final Deadlines deadlines = new Deadlines();
  private String uid = "";

  ClusterPluginsIT(ApiServer server) {
    this.server = server;
    this.namespace = server.namespace();
    this.client = server.operator();
  }

  @BeforeEach
  void allow() {
    kubectl("apply", "-f", "k8s/allow-plugins.yaml");
    Monitors.create(server, namespace, "nexus");
    uid = Monitors.get(server, namespace, "nexus").getMetadata().getUid();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> client.batch().v1().jobs().inNamespace(namespace).list() != null);
  }

  @AfterEach
  void close() {
    deadlines.close();
    client.close();
  }

  @Test
  void aPluginThatEndsWellIsReadAndItsJobDeleted() throws Exception {
    cronJob(true, "");
    assertThat(run(NOON, PATIENCE)).isEqualTo(new Ended(0, ""));
    assertThat(jobs()).isEmpty();
  }

  @Test
  void itsJobIsTriedOnceWithADeadlineAndOwnedByItsMonitor() throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    var run = begin(NOON, PATIENCE);
    var job = awaitJob();
    assertThat(job.getMetadata().getName()).matches("heartbeat-orders-[0-9a-f]{12}");
    assertThat(job.getMetadata().getLabels())
        .containsEntry("heartbeat.nexus.io/monitor-uid", uid)
        .containsEntry("heartbeat.nexus.io/target", "orders")
        .containsEntry("heartbeat.nexus.io/cron-job", "order-check")
        .containsEntry("app", "order-check");
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(uid));
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isBetween(30L, 60L);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(300);
    assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");

    var said = "{\"level\": \"Degraded\", \"measurements\": {\"depth\": 12}}";
    terminated(awaitPod(), 1, "Error", said);
    assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(new Ended(1, said));
    assertThat(jobs()).isEmpty();
  }

  @Test
  void onlyAReleasedCronJobIsRun() {
    assertThatThrownBy(() -> run(NOON, PATIENCE))
        .isInstanceOf(NotTold.class)
        .hasMessage("no CronJob order-check in namespace " + namespace);
    cronJob(false, "");
    assertThatThrownBy(() -> run(NOON, PATIENCE))
        .isInstanceOf(NotTold.class)
        .hasMessage(
            "CronJob order-check is not released to Heartbeat: kubectl label cronjob order-check -n "
                + namespace
                + " heartbeat.nexus.io/plugin=allowed");
    assertThat(jobs()).isEmpty();
  }

  @Test
  void withoutTheRightTheCommandThatGivesItIsSaid() {
    var other = server.namespace();
    server.allow(other);
    var plugins = plugins(client, new MonitorKey(other, "nexus"), NOON);
    assertThatThrownBy(() -> run(plugins, PATIENCE))
        .isInstanceOf(NotTold.class)
        .hasMessage(
            "Heartbeat may not run plugins in namespace %1$s: kubectl create rolebinding heartbeat-plugins -n %1$s --clusterrole=heartbeat-plugins --serviceaccount=heartbeat-system:heartbeat"
                .formatted(other));
  }

  @Test
  void aPodThatIsNotScheduledIsUnknownInTheSchedulersWordsAndItsJobIsEnded() {
    cronJob(true, "nodeSelector: {disk: none}");
    assertThat(late(NOON, "not scheduled: 0/1 nodes are available", () -> {}))
        .startsWith("the plugin of CronJob order-check timed out: pod ");
    await().atMost(PATIENCE).until(() -> jobs().isEmpty());
  }

  @Test
  void anImageThatIsNotPulledIsUnknownInTheKubeletsWords() {
    cronJob(true, "nodeSelector: {disk: none}");
    var words = "container main: ImagePullBackOff: Back-off pulling image";
    var waits =
        "{\"waiting\":{\"reason\":\"ImagePullBackOff\",\"message\":\"Back-off pulling image\"}}";
    assertThat(late(NOON, words, () -> patch(awaitPod(), "Pending", waits)))
        .startsWith("the plugin of CronJob order-check timed out: pod ");
  }

  @ParameterizedTest
  @CsvSource({
    "OOMKilled, 137, 'container main: OOMKilled, exit code 137'",
    "ContainerCannotRun, 128, 'container main: ContainerCannotRun, exit code 128: no such file'",
  })
  void whatEndedItInsteadOfItselfIsUnknown(String reason, int exitCode, String words)
      throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    var run = begin(NOON, PATIENCE);
    terminated(awaitPod(), exitCode, reason, exitCode == 128 ? "no such file" : "");
    assertUntold(run, "the plugin of CronJob order-check: " + words);
    assertThat(jobs()).isEmpty();
  }

  @Test
  void anEvictedPodIsUnknownWithItsReason() throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    var run = begin(NOON, PATIENCE);
    patchStatus(
        awaitPod(),
        "{\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"The node was low on memory.\"}");
    assertUntold(run, "its pod was ended: Evicted: The node was low on memory.");
  }

  @Test
  void whenNoPodCanBeMadeItSaysWhereTheReasonStands() {
    cronJob(true, "serviceAccountName: nobody");
    var name = job(ORDER, NOON).name();
    assertThat(
            late(
                NOON,
                "has no pod; kubectl get events -n %s --field-selector involvedObject.name=%s tells why"
                    .formatted(namespace, name),
                () -> {}))
        .startsWith("the plugin of CronJob order-check timed out: Job " + name);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(server.admin().v1().events().inNamespace(namespace).list().getItems())
                    .filteredOn(it -> name.equals(it.getInvolvedObject().getName()))
                    .anySatisfy(it -> assertThat(it.getReason()).isEqualTo("FailedCreate"))
                    .anySatisfy(it -> assertThat(it.getMessage()).contains("nobody")));
  }

  @Test
  void whatTheApiServerRefusesOnTheWayEndsTheJobToo() {
    cronJob(true, "nodeSelector: {disk: none}");
    var refused = new AtomicBoolean();
    try (var changed = thatAsksForPodsElsewhere(refused)) {
      var plugins = plugins(changed, new MonitorKey(namespace, "nexus"), NOON);
      var run = new FutureTask<>(() -> run(plugins, PATIENCE));
      Thread.ofVirtual().start(run);
      awaitPod();
      refused.set(true);
      assertUntold(run, "Heartbeat may not run plugins in namespace " + namespace);
      assertThat(jobs()).isEmpty();
    }
  }

  @Test
  void aJobThatSomebodyDeletesIsUnknown() throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    var run = begin(NOON, PATIENCE);
    awaitPod();
    kubectl("delete", "job", awaitJob().getMetadata().getName());
    assertThatThrownBy(() -> run.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("deleted");
  }

  @Test
  void theNextOperatorTakesOverTheJobOfTheSameRun() throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    dies(NOON);
    var before = awaitJob().getMetadata().getUid();

    var run = begin(NOON.plusSeconds(30), PATIENCE);
    var pod = awaitPod();
    assertThat(jobs()).singleElement().satisfies(it -> assertThat(uid(it)).isEqualTo(before));
    terminated(pod, 2, "Error", "broken");
    assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(new Ended(2, "broken"));
    assertThat(jobs()).isEmpty();
  }

  @Test
  void noRunBeginsWhileAnEarlierOneIsUnderWay() throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    dies(NOON);
    var earlier = awaitJob().getMetadata().getName();
    var words = "an earlier run of it is still under way: Job " + earlier;
    assertThat(late(NOON.plusSeconds(60), words, () -> {}))
        .isEqualTo("the plugin of CronJob order-check timed out: " + words);
    assertThat(jobs()).hasSize(1);

    var run = begin(NOON.plusSeconds(60), PATIENCE);
    terminated(awaitPod(), 2, "Error", "of the earlier run");
    await().atMost(PATIENCE).until(() -> jobs().size() == 2);
    var pod = awaitPod();
    terminated(pod, 0, "Completed", "of this run");
    assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(new Ended(0, "of this run"));
    assertThat(jobs()).extracting(it -> it.getMetadata().getName()).containsExactly(earlier);
  }

  @Test
  void noRunBeginsWhileOneOfTheSameCronJobIsUnderWayForATargetOfAnotherName() throws Exception {
    cronJob(true, "nodeSelector: {disk: none}");
    dies(NOON);
    var earlier = awaitJob().getMetadata().getName();
    var renamed = job(new Order("renamed", ORDER.cronJob(), ORDER.interval()), NOON);
    var words = "an earlier run of it is still under way: Job " + earlier;
    assertThat(late(renamed, words, () -> {})).endsWith(words);
    assertThat(jobs()).hasSize(1);
  }

  @Test
  void aJobOfThatNameThatIsSomebodyElsesIsLeftAlone() {
    cronJob(true, "nodeSelector: {disk: none}");
    var name = job(ORDER, NOON).name();
    kubectl("create", "job", name, "--from=cronjob/order-check");
    assertThatThrownBy(() -> run(NOON, PATIENCE))
        .isInstanceOf(NotTold.class)
        .hasMessage(
            "the plugin of CronJob order-check: there is a Job %s already, which is not Heartbeat's"
                .formatted(name));
    assertThat(jobs()).hasSize(1);
  }

  @Test
  void anApiServerThatIsSilentCostsNoMoreThanTheTimeOut() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var cut = ApiServerClient.at("http://127.0.0.1:" + silent.getLocalPort())) {
      var plugins = plugins(cut, new MonitorKey(namespace, "nexus"), NOON);
      var begun = System.nanoTime();
      assertThatThrownBy(() -> run(plugins, Duration.ofMillis(500)))
          .isInstanceOf(NotTold.class)
          .hasMessage(
              "the plugin of CronJob order-check timed out after 500 ms: the API server does not answer");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
  }

  private void assertUntold(FutureTask<Ended> run, String... words) {
    assertThatThrownBy(() -> run.get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(NotTold.class)
        .message()
        .contains(words);
  }

  private String late(Instant now, String progress, Runnable meanwhile) {
    return late(job(ORDER, now), progress, meanwhile);
  }

  /** What is told of a run whose time is over as soon as it has come that far. */
  private String late(PluginJob job, String progress, Runnable meanwhile) {
    var run = new PluginRun(new TargetJobs(client, job), deadlines.start(PATIENCE));
    var thread = Thread.ofVirtual().start(new FutureTask<>(run));
    try {
      meanwhile.run();
      await().atMost(PATIENCE).until(run::progress, it -> it.contains(progress));
      return catchThrowableOfType(NotTold.class, () -> run.late("timed out")).getMessage();
    } finally {
      thread.interrupt();
    }
  }

  private PluginJob job(Order order, Instant now) {
    return PluginJob.of(new MonitorKey(namespace, "nexus"), uid, order, now);
  }

  /** Where the operator has no right, from a moment on. */
  private KubernetesClient thatAsksForPodsElsewhere(AtomicBoolean now) {
    var pods = "/namespaces/" + namespace + "/pods";
    var elsewhere =
        new Interceptor() {
          @Override
          public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (now.get()) {
              var asked = request.uri().toString();
              builder.uri(URI.create(asked.replace(pods, "/namespaces/kube-system/pods")));
            }
          }
        };
    return new KubernetesClientBuilder()
        .withConfig(client.getConfiguration())
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("elsewhere", elsewhere))
        .build();
  }

  /** An operator that makes its Job and is then no more. */
  private void dies(Instant now) throws Exception {
    var task = new FutureTask<>(() -> run(now, PATIENCE));
    var thread = Thread.ofVirtual().start(task);
    awaitPod();
    thread.interrupt();
    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
  }

  private FutureTask<Ended> begin(Instant now, Duration timeout) {
    var task = new FutureTask<>(() -> run(now, timeout));
    Thread.ofVirtual().start(task);
    return task;
  }

  private Ended run(Instant now, Duration timeout) throws Exception {
    return run(plugins(client, new MonitorKey(namespace, "nexus"), now), timeout);
  }

  private Ended run(ClusterPlugins plugins, Duration timeout) throws Exception {
    try (var deadline = deadlines.start(timeout)) {
      return plugins.run(ORDER, deadline);
    }
  }

  private ClusterPlugins plugins(KubernetesClient of, MonitorKey monitor, Instant now) {
    return new ClusterPlugins(of, monitor, () -> uid, InstantSource.fixed(now));
  }

  private List<Job> jobs() {
    return server.admin().batch().v1().jobs().inNamespace(namespace).list().getItems();
  }

  private Job awaitJob() {
    return await().atMost(PATIENCE).until(this::jobs, it -> !it.isEmpty()).getFirst();
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }

  /** The one that has not ended. */
  private String awaitPod() {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                server.admin().pods().inNamespace(namespace).list().getItems().stream()
                    .filter(pod -> "Pending".equals(pod.getStatus().getPhase()))
                    .map(Pod::getMetadata)
                    .map(it -> it.getName())
                    .toList(),
            it -> it.size() == 1)
        .getFirst();
  }

  private void terminated(String pod, int exitCode, String reason, String message) {
    patch(
        pod,
        exitCode == 0 ? "Succeeded" : "Failed",
        "{\"terminated\":{\"exitCode\":%d,\"reason\":\"%s\",\"message\":\"%s\"}}"
            .formatted(exitCode, reason, message.replace("\"", "\\\"")));
  }

  private void patch(String pod, String phase, String state) {
    patchStatus(
        pod,
        "{\"phase\":\"%s\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"True\"},{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":[{\"name\":\"main\",\"image\":\"x\",\"imageID\":\"\",\"ready\":false,\"restartCount\":0,\"state\":%s}]}"
            .formatted(phase, state));
  }

  private void patchStatus(String pod, String status) {
    kubectl(
        "patch",
        "pod",
        pod,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":" + status + "}");
  }

  private void kubectl(String... arguments) {
    var command = new java.util.ArrayList<>(List.of(arguments));
    command.addAll(List.of("-n", namespace));
    var result = server.kubectl(command.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
  }

  private void cronJob(boolean released, String more) {
    Monitors.apply(
        server,
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: order-check, namespace: %s, labels: {heartbeat.nexus.io/plugin: %s}}
        spec:
          schedule: 0 0 1 1 *
          suspend: true
          jobTemplate:
            metadata: {labels: {app: order-check}}
            spec:
              backoffLimit: 6
              template:
                spec:
                  restartPolicy: OnFailure
                  containers: [{name: main, image: example.com/order-check:1}]
                  %s
        """
            .formatted(namespace, released ? "allowed" : "'no'", more));
  }
}
