package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.GpuTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.posix.Programs;
import io.nexus.heartbeat.reading.Reading;

/**
 * The GPUs of a machine. What is watched is they, not who tells of them: while nobody does, nothing
 * is known.
 */
final class GpuCheck {
  private GpuCheck() {}

  static Check of(GpuTarget gpu, Surroundings surroundings) {
    var url = gpu.url();
    if (url != null) {
      return new DcgmCheck(url, gpu.tls(), surroundings);
    }
    if (gpu.nvidiaSmi() == null) {
      return _ -> new Reading.Unknown("nothing to look at: set url");
    }
    return surroundings.place() instanceof Place.Host
        ? deadline -> nvidiaSmi(surroundings.clients().nvidiaSmi(), deadline)
        : _ -> new Reading.Unknown("nvidiaSmi is for a host only; in a cluster set url");
  }

  private static Reading nvidiaSmi(NvidiaSmi program, Deadline deadline)
      throws InterruptedException {
    try {
      return new Reading.Up(
          GpuState.measured(program.ask(deadline), "nvidia-smi does not tell it"));
    } catch (Programs.Untold e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
  }
}
