package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.Tls;
import io.nexus.heartbeat.check.MetricsText.Sample;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GPUs by NVIDIA's DCGM exporter.
 *
 * @see <a href="https://github.com/NVIDIA/dcgm-exporter">its default counters</a>
 */
record DcgmCheck(String url, @Nullable Tls tls, Surroundings surroundings) implements Check {
  /** Of a node with 16 GPUs cut into instances, each with its pod's labels, some 300 KiB. */
  static final int MOST_BYTES = 1024 * 1024;

  private static final String UTILIZATION = "DCGM_FI_DEV_GPU_UTIL";

  /** Of a GPU cut into instances only this is told; a fraction of 1. */
  private static final String ENGINE = "DCGM_FI_PROF_GR_ENGINE_ACTIVE";

  private static final String USED = "DCGM_FI_DEV_FB_USED";
  private static final String FREE = "DCGM_FI_DEV_FB_FREE";
  private static final String TEMPERATURE = "DCGM_FI_DEV_GPU_TEMP";
  private static final String XID = "DCGM_FI_DEV_XID_ERRORS";

  /** The least of DCGM's numbers for what it does not know, that of 32 bits. */
  private static final double BLANK = 0x7ffffff0;

  /** Of a label, which whoever answers chooses. */
  private static final int LONGEST_NAME = 40;

  private static final Set<String> NAMES =
      Set.of(UTILIZATION, ENGINE, USED, FREE, TEMPERATURE, XID);

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    try {
      var request =
          Request.of("GET", JsonApi.under(url, ""))
              .with(Trust.of(tls, surroundings.secrets()))
              .readingAtMost(MOST_BYTES);
      return judged(surroundings.clients().http().send(request, surroundings.dialer(), deadline));
    } catch (SecretUnavailable | Misconfigured e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      var failure = Faults.reading(e);
      return failure instanceof Reading.Down(var cause, _)
          ? new Reading.Unknown("the exporter cannot be asked: " + cause)
          : failure;
    }
  }

  private static Reading judged(Response response) {
    if (response.status() != 200) {
      return new Reading.Unknown(
          JsonApi.words(response) + "; url must lead to the metrics of a DCGM exporter");
    }
    if (response.truncated()) {
      return new Reading.Unknown(
          "the exporter answered with more than " + MOST_BYTES / 1024 + " KiB");
    }
    var gpus = gpus(MetricsText.samples(response.text(), NAMES));
    if (gpus.isEmpty()) {
      return new Reading.Unknown(
          "no GPU is told of; url must lead to the metrics of a DCGM exporter");
    }
    return new Reading.Up(
        GpuState.measured(gpus, "the exporter does not tell it")
            .with("latency", response.total().toNanos() / 1e9));
  }

  /** A GPU that is cut into instances is told of once for each: it is as its fullest. */
  private static Collection<GpuState> gpus(Iterable<Sample> samples) {
    var instances = new LinkedHashMap<String, Map<String, Double>>();
    var owners = new HashMap<String, String>();
    for (var sample : samples) {
      if (sample.value() >= BLANK) {
        continue;
      }
      var gpu = sample.labels().getOrDefault("gpu", sample.labels().getOrDefault("UUID", "?"));
      var instance = gpu + "/" + sample.labels().getOrDefault("GPU_I_ID", "");
      owners.put(instance, gpu);
      instances
          .computeIfAbsent(instance, _ -> new HashMap<>())
          .merge(sample.name(), sample.value(), Math::max);
    }
    var gpus = new LinkedHashMap<String, GpuState>();
    instances.forEach(
        (instance, values) -> {
          var gpu = owners.getOrDefault(instance, instance);
          gpus.merge(gpu, state(Plain.text(gpu, LONGEST_NAME), values), GpuState::worse);
        });
    return gpus.values();
  }

  private static GpuState state(String gpu, Map<String, Double> values) {
    var engine = values.get(ENGINE);
    var busy = values.get(UTILIZATION);
    var used = values.get(USED);
    var free = values.get(FREE);
    return new GpuState(
        gpu,
        busy != null ? busy : engine == null ? null : Double.valueOf(100 * engine),
        used == null || free == null || used + free <= 0
            ? null
            : Double.valueOf(100 * used / (used + free)),
        values.get(TEMPERATURE),
        values.get(XID));
  }
}
