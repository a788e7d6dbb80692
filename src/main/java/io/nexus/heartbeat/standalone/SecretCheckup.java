package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether each Secret is there, says something, and says it to nobody else.
 *
 * @param secrets reads them
 * @param files knows where they are
 */
record SecretCheckup(Secrets secrets, FileSecrets files) {

  /** Each once, however many fields need it. */
  List<Diagnosis> of(List<HeartbeatMonitor> monitors) {
    var uses = new LinkedHashMap<ValueFrom, List<SecretUse>>();
    monitors.stream()
        .flatMap(monitor -> SecretUse.of(monitor).stream())
        .forEach(use -> uses.computeIfAbsent(use.from(), _ -> new ArrayList<>()).add(use));
    return uses.entrySet().stream().map(one -> look(one.getKey(), one.getValue())).toList();
  }

  private Diagnosis look(ValueFrom from, List<SecretUse> uses) {
    var fields = uses.stream().map(SecretUse::field).collect(Collectors.joining(", "));
    var subject = from + " (" + fields + ")";
    try {
      var value = secrets.read(from, "");
      var place = files.place(from);
      var where = place == null ? "set" : place.toString();
      if (value.text().isBlank()) {
        return new Diagnosis(subject, where + " is empty", fix(from));
      }
      return place != null && !uses.stream().allMatch(SecretUse::isPublic) && isOpenToAll(place)
          ? new Diagnosis(
              subject, "every user of this machine can read " + place, "chmod o= " + place)
          : Diagnosis.well(subject, where);
    } catch (SecretUnavailable e) {
      return uses.stream().allMatch(SecretUse::optional)
          ? Diagnosis.well(
              subject, e.getMessage() + "; only what is optional or suspended needs it")
          : new Diagnosis(subject, String.valueOf(e.getMessage()), fix(from));
    }
  }

  private static String fix(ValueFrom from) {
    if (from.env() != null) {
      return "set "
          + from.env().name()
          + " where heartbeat is started; for the service by EnvironmentFile= of its unit";
    }
    return from.file() != null
        ? "write it there, and let the user who runs heartbeat read it, and no other (chmod 0600)"
        : "write it to that file, and let the user who runs heartbeat read it, and no other (chmod"
            + " 0600); or say with --secrets where it is";
  }

  /** By its own mode and those of all directories on the way. */
  private static boolean isOpenToAll(Path file) {
    try {
      var real = file.toRealPath();
      if (!has(real, PosixFilePermission.OTHERS_READ)) {
        return false;
      }
      for (@Nullable Path at = real.getParent(); at != null; at = at.getParent()) {
        if (!has(at, PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException | UnsupportedOperationException _) {
      return false; // it was read a moment ago; this file system has no modes
    }
  }

  private static boolean has(Path path, PosixFilePermission permission) throws IOException {
    return Files.getPosixFilePermissions(path).contains(permission);
  }
}
