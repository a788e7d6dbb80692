package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.http.Http;
import io.nexus.heartbeat.posix.Programs;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/**
 * What the checks of a whole process share, made once and closed at its end.
 *
 * @param tls shared so that sessions are resumed and trust is put together once
 * @param redis shared so that there is one event loop
 * @param evaluations where conditions are evaluated
 * @param disks shared so that a file system that hangs holds one thread
 * @param nvidiaSmi shared so that one runs at a time
 * @param programs shared so that one that cannot be ended is not started again
 */
public record Clients(
    Tls tls,
    Http http,
    RedisClients redis,
    Evaluations evaluations,
    LocalDisks disks,
    NvidiaSmi nvidiaSmi,
    Programs programs)
    implements AutoCloseable {

  public static Clients create() {
    var version = Clients.class.getPackage().getImplementationVersion();
    // Set by a package, whose Java runtime knows nothing of this machine's authorities.
    var authorities = System.getProperty("heartbeat.authorities");
    var tls = new Tls(Clock.systemUTC(), authorities == null ? null : Path.of(authorities));
    return new Clients(
        tls,
        new Http(tls, Objects.requireNonNullElse(version, "unreleased")),
        new RedisClients(),
        new Evaluations(),
        new LocalDisks(Statvfs::of),
        new NvidiaSmi(Objects.requireNonNullElse(System.getenv("PATH"), "")),
        new Programs());
  }

  @Override
  public void close() {
    evaluations.close();
    redis.close();
  }
}
