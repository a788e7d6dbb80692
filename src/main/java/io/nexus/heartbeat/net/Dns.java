package io.nexus.heartbeat.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions to DNS for those who watch DNS itself; what connects is resolved by the dialer. */
public final class Dns {
  private Dns() {}

  /**
   * @param name as the monitor's author wrote it; asked of a server, it is absolute
   * @param type such as "A" or "TXT"
   * @param server asked instead of this machine's own ones
   */
  public record Question(String name, String type, @Nullable Server server) {}

  public record Server(String host, int port) {}

  /** What a server that works can say. */
  public sealed interface Answer {}

  /** The records of that type; none when the name has only others. */
  public record Records(List<Entry> entries) implements Answer {}

  /** The name does not exist. */
  public record NoSuchName() implements Answer {}

  /**
   * @param value as in a zone file, a text without its quotes; not yet made plain
   * @param ttl in seconds
   */
  public record Entry(String value, long ttl) {}
}
