package io.nexus.heartbeat.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.config.ResolvConfResolverConfigProvider;

/**
 * resolv.conf(5), read again when it has changed: a process that lives for months sees its machine
 * move to other servers.
 */
final class ResolvConf {
  private static final Logger log = LoggerFactory.getLogger(ResolvConf.class);

  /** How seldom the file is looked at. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** What is asked when nothing is said, says resolv.conf(5). */
  private static final Settings THIS_MACHINE =
      new Settings(
          List.of(new InetSocketAddress("127.0.0.1", SimpleResolver.DEFAULT_PORT)), List.of(), 1);

  private final Path path;
  private final LongSupplier nanoTime;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Seen seen;

  /**
   * @param search absolute names
   */
  record Settings(List<InetSocketAddress> servers, List<String> search, int ndots) {}

  /** A file written in place is of another time or size, one that was replaced of another key. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private record Seen(Settings settings, @Nullable Stamp stamp, long at) {}

  /**
   * @param nanoTime the monotonic clock
   */
  ResolvConf(Path path, LongSupplier nanoTime) {
    this.path = path;
    this.nanoTime = nanoTime;
    this.seen = look(new Seen(THIS_MACHINE, null, 0), nanoTime.getAsLong());
  }

  static ResolvConf ofThisMachine() {
    return new ResolvConf(Path.of("/etc/resolv.conf"), System::nanoTime);
  }

  /** As of some seconds ago at the most. */
  Settings settings() {
    var now = nanoTime.getAsLong();
    // One looks; the others need not wait for it.
    if (now - seen.at() >= PAUSE.toNanos() && looking.tryLock()) {
      try {
        seen = look(seen, now);
      } finally {
        looking.unlock();
      }
    }
    return seen.settings();
  }

  private Seen look(Seen before, long now) {
    try {
      var file = Files.readAttributes(path, BasicFileAttributes.class);
      var stamp = new Stamp(file.lastModifiedTime(), file.size(), file.fileKey());
      if (stamp.equals(before.stamp())) {
        return new Seen(before.settings(), stamp, now);
      }
      var settings = read();
      // Whoever writes it in place empties it first: what was known stays until a server is named.
      return new Seen(settings.servers().isEmpty() ? before.settings() : settings, stamp, now);
    } catch (IOException e) {
      log.debug("{}: {}", path, e.toString());
      return new Seen(before.settings(), null, now);
    }
  }

  private Settings read() throws IOException {
    try (var in = Files.newInputStream(path)) {
      var parser = new Parser();
      parser.parseResolvConf(in);
      return new Settings(
          List.copyOf(parser.servers()),
          parser.searchPaths().stream().map(Name::toString).toList(),
          parser.ndots());
    }
  }

  /** Only to be given a file: by itself it reads its own once. */
  private static final class Parser extends ResolvConfResolverConfigProvider {
    @Override
    protected void parseResolvConf(InputStream in) throws IOException {
      super.parseResolvConf(in);
    }
  }
}
