package io.nexus.heartbeat.operator.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.DiskTarget.Filesystem;
import io.nexus.heartbeat.check.DiskUsage;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.operator.kubelet.Summary.Claim;
import io.nexus.heartbeat.operator.kubelet.Summary.FileSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeenFromTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final DiskUsage FULL = new DiskUsage(9, 1, 10, 1, 2);
  private static final DiskUsage EMPTY = new DiskUsage(1, 9, 10, 1, 2);

  private final Deadlines deadlines = new Deadlines();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Map<String, Summary> told = new HashMap<>();
  private final Map<String, SortedSet<String>> mounts = new HashMap<>();
  private final SeenFrom kubelets =
      new SeenFrom(
          "shop",
          new Shared<>(LONG, this::summary),
          new Shared<>(LONG, namespace -> namespace.equals("shop") ? mounts : Map.of()));

  @AfterEach
  void end() {
    ended.countDown();
    deadlines.close();
  }

  private KubeletClient.Told summary(String node) throws NotTold, InterruptedException {
    if (node.equals("mute")) {
      ended.await();
    }
    var summary = told.get(node);
    if (summary == null) {
      throw KubeletClient.unasked(node, "connection refused");
    }
    return new KubeletClient.Told(summary, NOW);
  }

  @Test
  void aNodeHasTwoFileSystems() throws Exception {
    told.put("a", new Summary(fresh(EMPTY), fresh(FULL), Map.of()));

    assertThat(node(Filesystem.Root)).isEqualTo(EMPTY);
    assertThat(node(Filesystem.Image)).isEqualTo(FULL);
  }

  @Test
  void whatItDoesNotTellOfIsSaid() {
    told.put("a", new Summary(fresh(EMPTY), null, Map.of()));

    assertThatThrownBy(() -> node(Filesystem.Image))
        .hasMessage("the kubelet of node a does not tell of its file system Image");
  }

  @Test
  void aClaimIsThatOfTheMonitorsOwnNamespace() throws Exception {
    mounts.put("data", nodes("a"));
    told.put(
        "a",
        new Summary(
            null,
            null,
            Map.of(
                new Claim("bank", "data"), fresh(EMPTY), new Claim("shop", "data"), fresh(FULL))));
    assertThat(claim("data")).isEqualTo(FULL);

    told.clear();
    told.put("a", new Summary(null, null, Map.of(new Claim("bank", "data"), fresh(EMPTY))));
    assertThatThrownBy(() -> claimAnew("data")).hasMessageContaining("has no figures of it");
  }

  @Test
  void aClaimThatNobodyMountsOrMeasuresSaysWhich() {
    assertThatThrownBy(() -> claim("data"))
        .hasMessage(
            "no running pod of namespace shop mounts claim data: a kubelet measures only what is"
                + " mounted");
    mounts.put("data", nodes("a"));
    told.put("a", new Summary(fresh(FULL), null, Map.of()));
    assertThatThrownBy(() -> claim("data"))
        .hasMessage(
            "the kubelet of node a, where a pod mounts claim data, has no figures of it: it has"
                + " them a minute after the start, and none of hostPath volumes and block devices");
  }

  @Test
  void ofAClaimOnSeveralNodesOneThatTellsIsEnough() throws Exception {
    mounts.put("data", nodes("gone", "mute", "z"));
    told.put("z", new Summary(null, null, Map.of(new Claim("shop", "data"), fresh(FULL))));
    assertThat(claim("data", Duration.ofSeconds(2))).isEqualTo(FULL);

    mounts.put("other", nodes("gone", "mute"));
    assertThatThrownBy(() -> claim("other", Duration.ofSeconds(1)))
        .hasMessage("the kubelet of node gone cannot be asked: connection refused");
  }

  @Test
  void aMuteKubeletIsWaitedForNoLongerThanTheTargetHas() {
    mounts.put("data", nodes("mute"));
    var begun = System.nanoTime();
    assertThatThrownBy(() -> claim("data", Duration.ofMillis(200)))
        .hasMessage(
            "the kubelet of node mute cannot be asked: timed out after 200 ms, the API server's part included");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
  }

  /** Otherwise a volume that hangs would look as it did before, for ever. */
  @Test
  void whatWasLongNotMeasuredIsNotTold() throws Exception {
    var measured = NOW.minus(Duration.ofMinutes(15));
    told.put("a", new Summary(new FileSystem(EMPTY, measured), null, Map.of()));
    assertThat(node(Filesystem.Root)).isEqualTo(EMPTY);

    mounts.put("data", nodes("b"));
    var stale = new FileSystem(FULL, measured.minusSeconds(1));
    told.put("b", new Summary(null, null, Map.of(new Claim("shop", "data"), stale)));
    assertThatThrownBy(() -> claim("data"))
        .hasMessage("the kubelet of node b measured it 15 min ago, and not since: does it hang?");
  }

  private static FileSystem fresh(DiskUsage usage) {
    return new FileSystem(usage, NOW.minusSeconds(50));
  }

  private static SortedSet<String> nodes(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private DiskUsage node(Filesystem which) throws Exception {
    try (var deadline = deadlines.start(LONG)) {
      return kubelets.ofNode(new DiskTarget.Node("a", which), deadline);
    }
  }

  private DiskUsage claim(String name) throws Exception {
    return claim(name, LONG);
  }

  private DiskUsage claim(String name, Duration timeout) throws Exception {
    try (var deadline = deadlines.start(timeout)) {
      return kubelets.ofClaim(name, deadline);
    }
  }

  /** Past what was just answered. */
  private DiskUsage claimAnew(String name) throws Exception {
    try (var deadline = deadlines.start(LONG)) {
      return new SeenFrom("shop", new Shared<>(LONG, this::summary), kubelets.mounts())
          .ofClaim(name, deadline);
    }
  }
}
