package io.nexus.heartbeat.operator.kubelet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.check.DiskUsage;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.operator.kubelet.Summary.Claim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryReaderTest {
  private static final Claim DATA = new Claim("shop", "nexus-data");

  /** Of a kubelet 1.36 with a pod that mounts a local volume, a hostPath volume and an emptyDir. */
  static String recorded() {
    try (var in = SummaryReaderTest.class.getResourceAsStream("/kubelet/summary.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  void tellsTheNodesFileSystemAndTheClaimsThatArePartOfItInWhateverPiecesItComes(int piece)
      throws IOException {
    var summary = read(recorded(), piece);

    assertThat(summary.root().usage())
        .isEqualTo(new DiskUsage(22937600000d, 74855694336d, 270553174016d, 613686, 16777216));
    assertThat(summary.root().measured()).isEqualTo(Instant.parse("2026-11-24T12:45:56Z"));
    assertThat(summary.claims()).containsOnlyKeys(DATA);
    assertThat(summary.claims().get(DATA).usage())
        .isEqualTo(new DiskUsage(4194304, 6291456, 10485760, 2, 100));
  }

  /** What a runtime calls used is what its images take: 1.5 MB here, of a disk with 23 GB on it. */
  @Test
  void anImageFileSystemThatIsTheNodesIsAsFullAsThat() throws IOException {
    var summary = read(recorded(), 4096);

    assertThat(summary.image()).isEqualTo(summary.root());
  }

  @Test
  void anImageFileSystemOfItsOwnIsAsFullAsItIsNotAvailable() throws IOException {
    var summary =
        read(
            """
            {"node": {"fs": {"availableBytes": 5, "capacityBytes": 10, "usedBytes": 5},
              "runtime": {"imageFs": {"availableBytes": 300, "capacityBytes": 1000, "usedBytes": 7,
                "inodesFree": 60, "inodes": 100, "inodesUsed": 3}}}}
            """,
            4096);

    assertThat(summary.image().usage()).isEqualTo(new DiskUsage(700, 300, 1000, 40, 100));
  }

  @Test
  void whatIsNotMeasuredIsNotToldOf() throws IOException {
    var summary =
        read(
            """
            {"node": {"fs": {"availableBytes": -1, "capacityBytes": 1e999, "usedBytes": "5"}},
             "pods": [{"volume": [{"capacityBytes": 10, "pvcRef": {"name": "block", "namespace": "shop"}},
                                  {"availableBytes": 1, "usedBytes": 1, "name": "emptyDir"}]},
                      {"volume": [{"pvcRef": {"name": "nexus-data", "namespace": "shop"},
                                   "usedBytes": 3, "availableBytes": 1, "time": "yesterday"}]},
                      {"volume": null}, 7]}
            """,
            4096);

    assertThat(summary.root()).isNull();
    assertThat(summary.image()).isNull();
    assertThat(summary.claims()).containsOnlyKeys(DATA);
    assertThat(summary.claims().get(DATA).usage()).isEqualTo(new DiskUsage(3, 1, 4, 0, 0));
    assertThat(summary.claims().get(DATA).measured()).isNull();
    assertThat(summary.claims().get(DATA).age(Instant.now())).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"node\":{\"fs\":{\"usedBytes\":1",
        "<html>",
        "{\"node\":}",
        "{\"node\":{\"fs\":{\"usedBytes\":NaN}}}",
        "\u0000\u00ff"
      })
  void whatIsNoJsonOrNotAllOfItIsRefused(String text) {
    assertThatThrownBy(() -> read(text, 3))
        .isInstanceOf(ProtocolFailure.class)
        .hasMessage("answered with what is no JSON, or not all of it");
  }

  @Test
  void aBombIsRefused() {
    for (var bomb :
        new String[] {
          "{\"node\":{\"fs\":{\"usedBytes\":" + "9".repeat(900_000) + "}}}",
          "[".repeat(20_000),
          "{\"a\":".repeat(20_000),
          "{\"" + "a".repeat(900_000) + "\":1}",
          "{\"a\":\"" + "a".repeat(900_000) + "\"}"
        }) {
      assertThatThrownBy(() -> read(bomb, 4096)).isInstanceOf(ProtocolFailure.class);
    }
    var many = new StringBuilder("{\"pods\":[{\"volume\":[");
    for (var i = 0; i < 2001; i++) {
      many.append(i == 0 ? "" : ",")
          .append(
              "{\"usedBytes\":1,\"availableBytes\":1,\"pvcRef\":{\"namespace\":\"a\",\"name\":\"")
          .append(i)
          .append("\"}}");
    }
    assertThatThrownBy(() -> read(many + "]}]}", 4096)).hasMessage("told of more than 2000 claims");
  }

  @Test
  void whatIsEmptyTellsNothing() throws IOException {
    for (var text : new String[] {"", "null", "[]", "{}"}) {
      var summary = read(text, 4096);
      assertThat(summary.root()).isNull();
      assertThat(summary.claims()).isEmpty();
    }
  }

  private static Summary read(String text, int piece) throws IOException {
    var bytes = text.getBytes(UTF_8);
    try (var reader = new SummaryReader()) {
      for (var at = 0; at < bytes.length; at += piece) {
        reader.write(bytes, at, Math.min(piece, bytes.length - at));
      }
      return reader.told();
    }
  }
}
