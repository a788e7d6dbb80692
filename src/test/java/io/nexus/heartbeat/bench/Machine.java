package io.nexus.heartbeat.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process uses, and of what. */
final class Machine {
  private Machine() {}

  static double cpuMillis() {
    var os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return os.getProcessCpuTime() / 1e6;
  }

  /** Mebibytes that survive a collection. */
  static double heapAfterGc() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  static double heapMax() {
    return Runtime.getRuntime().maxMemory() / 1048576.0;
  }

  /** Mebibytes resident, as Linux counts; NaN elsewhere. */
  static double resident() throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    var line = Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS:")).findFirst();
    return Double.parseDouble(line.orElseThrow().replaceAll("[^0-9]", "")) / 1024;
  }

  static String words() {
    return "%d processors, %s %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.version());
  }
}
