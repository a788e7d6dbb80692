package io.nexus.heartbeat.check;

import io.nexus.heartbeat.api.DiskTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.net.SocketTimeoutException;
import java.nio.file.Path;

/** How full the file system is that holds a path of this machine. */
record DiskCheck(Path path, LocalDisks disks) implements Check {

  static Check of(DiskTarget disk, Surroundings surroundings) {
    var path = disk.path();
    if (path == null) {
      return disk.prometheus() == null
          ? KubeletDiskCheck.of(disk, surroundings.kubelets())
          : VolumeCheck.of(disk, surroundings);
    }
    return surroundings.place() instanceof Place.Host
        ? new DiskCheck(Path.of(path), surroundings.clients().disks())
        : _ -> new Reading.Unknown("path is for a host only; in a cluster name a claim or a node");
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    try {
      return new Reading.Up(disks.usage(path, deadline).measured());
    } catch (SocketTimeoutException e) {
      return new Reading.Down(
          "the file system does not answer: " + e.getMessage(), Measurements.NONE);
    } catch (LocalDisks.Unreadable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
  }
}
