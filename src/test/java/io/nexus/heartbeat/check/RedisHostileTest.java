package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.check.RedisProbing.cause;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pretends to be a sentinel or the node of a cluster. */
class RedisHostileTest {
  private static final Duration SHORT = Duration.ofMillis(800);
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
    assertThat(look(scheme, ScriptedServer::hang)).startsWith("Down: ").endsWith("timed out");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aByteNowAndThenEndsWithTheDeadline(String scheme) throws Exception {
    assertThat(look(scheme, peer -> ScriptedServer.drip(peer, "*"))).startsWith("Down: no ");
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
        .contains("with more than 1024 KiB");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aListThatClaimsBillionsOfEntriesIsNotBelieved(String scheme) throws Exception {
    assertThat(look(scheme, always("*2147483647\r\n$1\r\na\r\n*2147483647\r\n")))
        .startsWith("Down: no ");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aNullIsNoAnswer(String scheme) throws Exception {
    assertThat(look(scheme, always("$-1\r\n"))).doesNotStartWith("Up");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*1\r\n$9\r\n127.0.0.1\r\n",
        "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n99999\r\n",
        "*2\r\n$9\r\n127.0.0.1\r\n$6\r\n-00001\r\n",
        "*2\r\n$9\r\na b\r\nc d?\r\n$4\r\n6379\r\n",
        "*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n"
      })
  void whatIsNoAddressIsNotOpened(String answer) throws Exception {
    assertThat(look("redis-sentinel", always(answer))).contains("Down: ").doesNotContain("master ");
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
        .contains("answered CLUSTER NODES without a node");
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
        .contains("answered CLUSTER INFO without the state of a cluster");
  }

  private static Script always(String answer) {
    return answering(Map.of("", answer));
  }

  private static Script sentinelOf(String host, String port) {
    return answering(
        Map.of("GET-MASTER", "*2\r\n" + bulk(host) + bulk(port), "CKQUORUM", "+OK 1 usable\r\n"));
  }

  private static Script clusterOf(String nodes) {
    return answering(Map.of("INFO", bulk(INFO), "NODES", bulk(nodes)));
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /** Each question by the first of these words that is in it. */
  private static Script answering(Map<String, String> answers) {
    return peer -> {
      var asked = new byte[512];
      for (int read; (read = peer.getInputStream().read(asked)) > 0; ) {
        var question = new String(asked, 0, read, java.nio.charset.StandardCharsets.ISO_8859_1);
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
    try (var server = ScriptedServer.unasked(script)) {
      var url = scheme + "://peer:" + server.port();
      var begun = System.nanoTime();
      var reading =
          RedisProbing.check(clients, scheme.endsWith("sentinel") ? url + "#mymaster" : url, SHORT);
      // Generous for a busy machine.
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
      return cause(reading);
    }
  }
}
