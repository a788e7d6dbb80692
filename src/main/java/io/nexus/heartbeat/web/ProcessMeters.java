package io.nexus.heartbeat.web;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.Supplier;

/**
 * The little of the process itself that tells whether Heartbeat is short of something, under the
 * names that dashboards for Prometheus' own clients know.
 */
final class ProcessMeters {
  private ProcessMeters() {}

  static void register(MeterRegistry registry) {
    var memory = ManagementFactory.getMemoryMXBean();
    memory(registry, "heap", memory::getHeapMemoryUsage);
    memory(registry, "nonheap", memory::getNonHeapMemoryUsage);
    collections(registry, ManagementFactory.getGarbageCollectorMXBeans());
    gauge(
        registry,
        "jvm.threads.current",
        "Platform threads; the many that wait on checks are virtual.",
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    gauge(
        registry,
        "process.start.time.seconds",
        "When the process started, in seconds since 1970.",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
      FunctionCounter.builder("process.cpu.seconds", os, bean -> bean.getProcessCpuTime() / 1e9)
          .description("CPU time the process has used.")
          .register(registry);
      gauge(
          registry, "process.open.fds", "Open files and sockets.", os::getOpenFileDescriptorCount);
      gauge(registry, "process.max.fds", "Most open files allowed.", os::getMaxFileDescriptorCount);
    }
  }

  private static void memory(MeterRegistry registry, String area, Supplier<MemoryUsage> usage) {
    Gauge.builder("jvm.memory.used.bytes", () -> usage.get().getUsed())
        .description("Memory in use.")
        .tag("area", area)
        .strongReference(true)
        .register(registry);
    Gauge.builder("jvm.memory.max.bytes", () -> usage.get().getMax())
        .description("Most memory it may use; -1 when that is not bounded.")
        .tag("area", area)
        .strongReference(true)
        .register(registry);
  }

  private static void collections(MeterRegistry registry, List<GarbageCollectorMXBean> collectors) {
    for (var collector : collectors) {
      FunctionCounter.builder(
              "jvm.gc.collections", collector, GarbageCollectorMXBean::getCollectionCount)
          .description("Garbage collections.")
          .tag("gc", collector.getName())
          .register(registry);
      FunctionCounter.builder(
              "jvm.gc.collection.seconds", collector, gc -> gc.getCollectionTime() / 1e3)
          .description("Time spent collecting garbage.")
          .tag("gc", collector.getName())
          .register(registry);
    }
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).strongReference(true).register(registry);
  }
}
