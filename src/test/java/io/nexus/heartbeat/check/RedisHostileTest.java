package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.RedisProbing.PATIENCE;
import static io.nexus.heartbeat.check.RedisProbing.cause;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pretends to be a sentinel or the node of a cluster. */
class RedisHostileTest {
  /** Only for what says nothing: an answer takes its time on a busy machine. */
  private static final Duration SHORT = Duration.ofMillis(800);

  /** As Redis 7 says it; the one that can run here knows no rights to single subcommands. */
  private static final String NOPERM = "-NOPERM User default has no permissions to run it\r\n";

  private static final String OF_SERVER = "*1\r\n$4\r\nINFO";
  private static final String LOADING = "-LOADING Redis is loading the dataset in memory\r\n";
  private static final String INFO =
      "cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_fail:0\r\n";

  private static Clients clients;

  @BeforeAll
  static void start() {
    clients = Clients.create();
  }

  @AfterAll
  static void stop() {
    clients.close();
  }

  static Stream<String> schemes() {
    return Stream.of("redis-sentinel", "redis-cluster");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void silenceEndsWithTheDeadline(String scheme) throws Exception {
    assertThat(look(scheme, ScriptedServer::hang, SHORT)).isEqualTo(down(scheme, "timed out"));
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aByteNowAndThenEndsWithTheDeadline(String scheme) throws Exception {
    assertThat(look(scheme, peer -> ScriptedServer.drip(peer, "*"), SHORT)).startsWith("Down: no ");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void anEndlessAnswerIsCutOff(String scheme) throws Exception {
    assertThat(
            look(
                scheme,
                peer -> {
                  peer.getInputStream().read(new byte[64]);
                  ScriptedServer.write(peer, "$536870912\r\n");
                  while (true) {
                    ScriptedServer.write(peer, "x".repeat(8192));
                  }
                }))
        .isEqualTo(down(scheme, "answered " + first(scheme) + " with more than 1024 KiB"));
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aListThatClaimsBillionsOfEntriesIsNotBelieved(String scheme) throws Exception {
    assertThat(look(scheme, always("*2147483647\r\n$1\r\na\r\n*2147483647\r\n"), SHORT))
        .startsWith("Down: no ");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aNullIsNoAnswer(String scheme) throws Exception {
    var asked = scheme.equals("redis-sentinel") ? "INFO" : "CLUSTER INFO";
    assertThat(look(scheme, always("$-1\r\n")))
        .isEqualTo(down(scheme, "answered " + asked + " with nothing"));
  }

  @ParameterizedTest
  @CsvSource({
    "*1:$9:127.0.0.1:,127.0.0.1",
    "*2:$9:127.0.0.1:$5:99999:,127.0.0.1 99999",
    "*2:$9:127.0.0.1:$6:-00001:,127.0.0.1 -00001",
    "*2:$3:a b:$4:6379:,a b 6379",
    "*3:$1:a:$1:b:$1:c:,a b c"
  })
  void whatIsNoAddressIsNotOpened(String answer, String shown) throws Exception {
    assertThat(look("redis-sentinel", always(answer.replace(":", "\r\n"))))
        .isEqualTo(down("redis-sentinel", "names no address: " + shown));
  }

  @Test
  void anAnnouncedAddressThatThePolicyRefusesIsNotOpened() throws Exception {
    assertThat(look("redis-sentinel", sentinelOf("refused.test", "80")))
        .isEqualTo("Unknown: master refused.test:80: 169.254.169.254 is not for checks to open");
  }

  @Test
  void aNodeThatThePolicyRefusesIsNotOpened() throws Exception {
    assertThat(
            look(
                "redis-cluster",
                clusterOf("id refused.test:80@1 master - 0 0 1 connected 0-16383")))
        .isEqualTo("Unknown: refused.test:80: 169.254.169.254 is not for checks to open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n\r\n", "a b c"})
  void aClusterWithoutNodesIsDown(String nodes) throws Exception {
    assertThat(look("redis-cluster", clusterOf(nodes)))
        .isEqualTo(down("redis-cluster", "answered CLUSTER NODES without a node"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id :0@0 master - 0 0 1 connected 0-16383",
        "id 127.0.0.1:99999@1 master - 0 0 1 connected 0-16383",
        "id a/b:6379@1 master - 0 0 1 connected 0-16383"
      })
  void nodesWithoutAnAddressAreNotOpened(String nodes) throws Exception {
    assertThat(look("redis-cluster", clusterOf(nodes)))
        .isEqualTo("Impaired: master id has no address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cluster_state:fine\r\n",
        "cluster_state:ok\r\ncluster_slots_assigned:99999\r\ncluster_slots_fail:0\r\n",
        "cluster_state:ok\r\ncluster_slots_assigned:-1\r\ncluster_slots_fail:0\r\n",
        ""
      })
  void aStateOfNoFormIsDown(String info) throws Exception {
    assertThat(look("redis-cluster", answering(Map.of("INFO", bulk(info)))))
        .isEqualTo(down("redis-cluster", "answered CLUSTER INFO without the state of a cluster"));
  }

  @ParameterizedTest
  @CsvSource({
    "redis-sentinel,no sentinel can be asked",
    "redis-cluster,no node of the url can be asked"
  })
  void theOnlyOneIsLoadingAndComesUpByItself(String scheme, String none) throws Exception {
    assertThat(look(scheme, always(LOADING)))
        .isEqualTo("Impaired, starting: " + none + ": peer: loading its data set into memory");
  }

  @ParameterizedTest
  @CsvSource({
    "redis-sentinel,no sentinel can be asked",
    "redis-cluster,no node of the url can be asked"
  })
  void theOnlyOneHasNoRoomForUsAndThatIsNotDown(String scheme, String none) throws Exception {
    assertThat(look(scheme, always("-ERR max number of clients reached\r\n")))
        .isEqualTo("Impaired: " + none + ": peer: max number of clients reached");
  }

  @Test
  void aMasterOfAClusterThatIsLoadingComesUpByItself() throws Exception {
    try (var listening = listening()) {
      var port = listening.getLocalPort();
      var nodes = "id n1:%d@1 master - 0 0 1 connected 0-16383".formatted(port);
      var cluster = clusterOf(nodes, Map.of("PING", LOADING));
      assertThat(reading(listening, "redis-cluster", cluster, PATIENCE))
          .isInstanceOfSatisfying(
              Reading.Impaired.class,
              it -> {
                assertThat(it.starting()).isTrue();
                assertThat(it.cause())
                    .isEqualTo("master n1:%d: loading its data set into memory".formatted(port));
              });
    }
  }

  @Test
  void aClusterWhoseMastersAllAreGoneIsDownWhateverItsNodeSays() throws Exception {
    try (var gone = listening()) {
      gone.close();
      var one = "id n1:%d@1 master - 0 0 1 connected 0-8191\r\n".formatted(gone.getLocalPort());
      var other = one.replace("n1", "n2").replace("0-8191", "8192-16383");
      assertThat(look("redis-cluster", clusterOf(one + other)))
          .isEqualTo(
              "Down: no master can be asked: 2 of 2 masters down: n1:%d: connection refused …"
                  .formatted(gone.getLocalPort()));
    }
  }

  @Test
  void noSumIsToldWhereThereAreMoreMastersThanAreAsked() throws Exception {
    try (var listening = listening()) {
      var nodes = new StringBuilder();
      for (var i = 0; i < 70; i++) {
        nodes.append(
            "id%d n%d:%d@1 master - 0 0 1 connected %d\r\n"
                .formatted(i, i, listening.getLocalPort(), i));
      }
      var info = bulk("role:master\r\nused_memory:1000\r\nmaxmemory:2000\r\n");
      var cluster = clusterOf(nodes.toString(), Map.of("PING", "+PONG\r\n", OF_SERVER, info));
      var measured = RedisProbing.measured(reading(listening, "redis-cluster", cluster, PATIENCE));
      assertThat(measured.numbers()).containsEntry("masters", 70.0);
      assertThat(measured.absent())
          .containsEntry("memoryBytes", "6 masters could not be asked")
          .containsEntry("latency", "6 masters could not be asked");
    }
  }

  @Test
  void mastersThatAreMuteLeaveTimeForThoseThatAreAskedAfterThem() throws Exception {
    try (var mute = listening();
        var listening = listening();
        var _ = ScriptedServer.unasked(mute, ScriptedServer::hang)) {
      var nodes = new StringBuilder();
      for (var i = 0; i < 20; i++) {
        nodes.append(
            "id%d n%d:%d@1 master - 0 0 1 connected %d\r\n"
                .formatted(i, i, (i < 8 ? mute : listening).getLocalPort(), i));
      }
      var cluster =
          clusterOf(nodes.toString(), Map.of("PING", "+PONG\r\n", OF_SERVER, "$0\r\n\r\n"));
      assertThat(cause(reading(listening, "redis-cluster", cluster, Duration.ofSeconds(8))))
          .isEqualTo(
              "Impaired: 8 of 20 masters down: n0:%d: timed out …".formatted(mute.getLocalPort()));
    }
  }

  @Test
  void ofAnInfoWithoutEndTheFirstLinesAreReadAndOnlyWhatIsUsedIsKept() {
    var many = "x:1\r\n".repeat(100) + "role:master\r\n" + "y:1\r\n".repeat(100_000);
    assertThat(RedisInfo.parse(many + "maxmemory:5\r\n").fields())
        .containsExactly(Map.entry("role", "master"));
  }

  @Test
  void aUserThatMayNotAskForTheQuorumKeepsItsMasterAndIsToldWhatToAllow() throws Exception {
    try (var listening = listening()) {
      var port = listening.getLocalPort();
      var sentinel =
          answering(
              Map.of(
                  "GET-MASTER",
                  "*2\r\n" + bulk("127.0.0.1") + bulk("" + port),
                  "CKQUORUM",
                  NOPERM,
                  "PING",
                  "+PONG\r\n",
                  OF_SERVER,
                  bulk("role:master\r\n")));
      var reading = reading(listening, "redis-sentinel", sentinel, PATIENCE);
      assertThat(cause(reading)).isEqualTo("Up");
      assertThat(RedisProbing.measured(reading).words())
          .containsEntry("role", "primary")
          .containsEntry(
              "quorum",
              "not told: peer:%d: user default may not run SENTINEL CKQUORUM: allow".formatted(port)
                  + " +sentinel|ckquorum");
    }
  }

  @Test
  void aUserThatMayNotAskForTheMasterIsToldWhatToAllow() throws Exception {
    assertThat(look("redis-sentinel", always(NOPERM)))
        .isEqualTo(
            "Unknown: peer: user default may not run SENTINEL GET-MASTER-ADDR-BY-NAME: allow"
                + " +sentinel|get-master-addr-by-name");
  }

  private static String first(String scheme) {
    return scheme.equals("redis-sentinel") ? "SENTINEL GET-MASTER-ADDR-BY-NAME" : "CLUSTER INFO";
  }

  private static String down(String scheme, String why) {
    return (scheme.equals("redis-sentinel")
            ? "Down: no sentinel can be asked: 1 of 1 sentinels down: peer: "
            : "Down: no node of the url can be asked: 1 of 1 nodes down: peer: ")
        + why;
  }

  private static Script always(String answer) {
    return answering(Map.of("", answer));
  }

  private static Script sentinelOf(String host, String port) {
    return answering(
        Map.of("GET-MASTER", "*2\r\n" + bulk(host) + bulk(port), "CKQUORUM", "+OK 1 usable\r\n"));
  }

  private static Script clusterOf(String nodes) {
    return clusterOf(nodes, Map.of());
  }

  private static Script clusterOf(String nodes, Map<String, String> more) {
    var answers = new HashMap<>(more);
    answers.put("CLUSTER\r\n$4\r\nINFO", bulk(INFO));
    answers.put("NODES", bulk(nodes));
    return answering(answers);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /** Each question by the first of these words that is in it. */
  private static Script answering(Map<String, String> answers) {
    return peer -> {
      var asked = new byte[512];
      for (int read; (read = peer.getInputStream().read(asked)) > 0; ) {
        var question = new String(asked, 0, read, StandardCharsets.ISO_8859_1);
        for (var one : answers.entrySet()) {
          if (question.contains(one.getKey())) {
            ScriptedServer.write(peer, one.getValue());
            break;
          }
        }
      }
    };
  }

  private static String look(String scheme, Script script) throws Exception {
    return look(scheme, script, PATIENCE);
  }

  /** The port of the peer is left out. */
  private static String look(String scheme, Script script, Duration within) throws Exception {
    try (var listening = listening()) {
      var reading = reading(listening, scheme, script, within);
      var said = cause(reading).replace(":" + listening.getLocalPort(), "");
      return reading instanceof Reading.Impaired(_, _, var starting) && starting
          ? said.replaceFirst("Impaired", "Impaired, starting")
          : said;
    }
  }

  private static Reading reading(
      ServerSocket listening, String scheme, Script script, Duration within) throws Exception {
    try (var _ = ScriptedServer.unasked(listening, script)) {
      var url = scheme + "://peer:" + listening.getLocalPort();
      var begun = System.nanoTime();
      var reading =
          RedisProbing.check(
              clients, scheme.endsWith("sentinel") ? url + "#mymaster" : url, within);
      // Generous for a busy machine.
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(within.plusSeconds(3));
      return reading;
    }
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
