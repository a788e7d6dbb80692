package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.check.Endpoints.NotTold;
import io.nexus.heartbeat.decide.Assessment;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.reading.Observation;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeletDiskCheckTest {
  private static final Clients CLIENTS = Clients.create();

  private final Map<String, DiskUsage> measured = new HashMap<>();

  @ParameterizedTest
  @CsvSource({"8499, Healthy", "8500, Degraded", "9499, Degraded", "9500, Critical"})
  void aNodeAndAClaimAreAsFullAsTheirKubeletMeasures(int used, Level level) throws Exception {
    measured.put("worker-1 Root", new DiskUsage(used, 10_000 - used, 11_000, 1, 4));
    measured.put("nexus-data", new DiskUsage(used, 10_000 - used, 11_000, 1, 4));

    for (var disk : new DiskTarget[] {node(null), claim()}) {
      var reading = (Reading.Up) read(disk);

      assertThat(reading.measurements().numbers())
          .containsEntry("percent", used / 100.0)
          .containsEntry("freeBytes", 10_000.0 - used)
          .containsEntry("totalBytes", 11_000.0)
          .containsEntry("inodesPercent", 25.0);
      assertThat(reading.measurements().rise()).as("what is foretold").isNotNull();
      var assessed =
          Assessment.NONE.next(
              ATarget.of("disk", disk).build(),
              new Observation(Instant.EPOCH, Duration.ZERO, reading));
      assertThat(assessed.level()).isEqualTo(level);
    }
  }

  @Test
  void theFileSystemOfImagesIsAnother() throws Exception {
    measured.put("worker-1 Image", new DiskUsage(1, 3, 4, 0, 0));

    assertThat(((Reading.Up) read(node(DiskTarget.Filesystem.Image))).measurements().numbers())
        .containsEntry("percent", 25.0);
  }

  @Test
  void whatIsNotToldIsUnknownAndNeverRepaired() throws Exception {
    assertThat(HttpProbing.words(read(node(null)))).isEqualTo("Unknown: nobody measures worker-1");
    assertThat(HttpProbing.words(read(claim()))).isEqualTo("Unknown: nobody measures nexus-data");
  }

  @Test
  void withoutKubernetesItIsSaidWhatToDo() throws Exception {
    assertThat(HttpProbing.words(read(node(null), Kubelets.NONE)))
        .isEqualTo("Unknown: node worker-1: kubelets are asked only by the operator in Kubernetes");
    assertThat(HttpProbing.words(read(claim(), Kubelets.NONE)))
        .isEqualTo(
            "Unknown: claim nexus-data: kubelets are asked only by the operator in Kubernetes; or set"
                + " prometheus");
  }

  private final class Measuring implements Kubelets {
    @Override
    public DiskUsage ofClaim(String claim, Deadline deadline) throws NotTold {
      return of(claim, claim);
    }

    @Override
    public DiskUsage ofNode(DiskTarget.Node node, Deadline deadline) throws NotTold {
      return of(node.name() + " " + node.filesystem(), node.name());
    }

    private DiskUsage of(String key, String name) throws NotTold {
      var usage = measured.get(key);
      if (usage == null) {
        throw new NotTold("nobody measures " + name);
      }
      return usage;
    }
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private static DiskTarget node(DiskTarget.@Nullable Filesystem which) {
    return new DiskTarget(null, null, new DiskTarget.Node("worker-1", which), null, null, null);
  }

  @SuppressWarnings("NullAway") // absent fields, as the resource has them, get their defaults
  private static DiskTarget claim() {
    return new DiskTarget(null, new DiskTarget.Claim("nexus-data"), null, null, null, null);
  }

  private Reading read(DiskTarget disk) throws InterruptedException {
    return read(disk, new Measuring());
  }

  private static Reading read(DiskTarget disk, Kubelets kubelets) throws InterruptedException {
    var surroundings =
        new Surroundings(new OpenDialer(), Secrets.NONE, Endpoints.NONE, CLIENTS)
            .asking(kubelets)
            .at(new Place.Cluster("shop"));
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(10))) {
      return DiskCheck.of(disk, surroundings).run(deadline);
    }
  }
}
