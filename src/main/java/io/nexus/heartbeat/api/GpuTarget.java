package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA GPUs: how busy, full and hot they are. What is too much is a threshold's to say.
 *
 * @param url A DCGM exporter's metrics, such as http://dcgm-exporter:9400/metrics; a host without
 *     dots is a Service of the monitor's namespace.
 * @param nvidiaSmi The GPUs of this machine, by its nvidia-smi.
 * @param tls How the server's certificate is judged, for https://.
 */
@Wire
@ExactlyOne({"url", "nvidiaSmi"})
public record GpuTarget(
    @Pattern("^https?://[^\\s]+$") @Size(min = 8, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message = "a URL here cannot hold a user or password")
        @Nullable String url,
    @HostOnly @Nullable NvidiaSmi nvidiaSmi,
    @Nullable Tls tls)
    implements TargetKind {

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "gpus", Unit.Count,
        "utilizationPercent", Unit.Percent,
        "memoryPercent", Unit.Percent,
        "temperature", Unit.Count,
        "xidErrors", Unit.Count,
        "latency", Unit.Seconds);
  }

  /** The GPUs of this machine, by the nvidia-smi that is found in PATH. */
  @Wire
  public record NvidiaSmi() {}
}
