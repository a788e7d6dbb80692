package io.nexus.heartbeat.check;

import io.nexus.heartbeat.reading.Measurements;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One GPU; null is what is not told of it.
 *
 * @param utilization percent
 * @param memory percent
 * @param temperature degrees Celsius
 * @param xid the last error's number, 0 for none; see NVIDIA's list of XID errors
 */
record GpuState(
    String name,
    @Nullable Double utilization,
    @Nullable Double memory,
    @Nullable Double temperature,
    @Nullable Double xid) {

  /** Of several GPUs the worst; what none of them tells is absent, for this reason. */
  static Measurements measured(Collection<GpuState> gpus, String untold) {
    var all = List.copyOf(gpus);
    var measured = Measurements.NONE.with("gpus", all.size());
    measured = with(measured, "utilizationPercent", max(all, GpuState::utilization), untold);
    measured = with(measured, "memoryPercent", max(all, GpuState::memory), untold);
    measured = with(measured, "temperature", max(all, GpuState::temperature), untold);
    var known = all.stream().filter(gpu -> gpu.xid() != null).toList();
    var failed = known.stream().filter(GpuState::failed).toList();
    measured = with(measured, "xidErrors", known.isEmpty() ? null : (double) failed.size(), untold);
    if (failed.isEmpty()) {
      return measured;
    }
    var words = new ArrayList<String>();
    failed.stream()
        .limit(4)
        .forEach(gpu -> words.add("XID %.0f on GPU %s".formatted(gpu.xid(), gpu.name())));
    return measured.with("note", String.join(", ", words) + (failed.size() > 4 ? " …" : ""));
  }

  /** What is worse of the two, as of the instances that a GPU is cut into. */
  GpuState worse(GpuState other) {
    return new GpuState(
        name,
        max(List.of(this, other), GpuState::utilization),
        max(List.of(this, other), GpuState::memory),
        max(List.of(this, other), GpuState::temperature),
        max(List.of(this, other), GpuState::xid));
  }

  private boolean failed() {
    return xid != null && xid != 0;
  }

  private static @Nullable Double max(
      List<GpuState> gpus, Function<GpuState, @Nullable Double> of) {
    return gpus.stream().map(of).filter(Objects::nonNull).max(Double::compare).orElse(null);
  }

  private static Measurements with(
      Measurements measured, String name, @Nullable Double value, String untold) {
    return value == null ? measured.without(name, untold) : measured.with(name, value);
  }
}
