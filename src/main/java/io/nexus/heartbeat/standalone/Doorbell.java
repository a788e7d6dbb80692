package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether somebody opens at an address. All are tried at once, and nothing is said to them. */
final class Doorbell {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Pattern PLACE =
      Pattern.compile(
          "(?:\\[([0-9a-fA-F:.]+)]|([^\\[\\]:/?#,\\s]+))(?::([0-9]{1,5}))?(?:[/?#].*)?");

  private final Dialer dialer;
  private final Deadlines deadlines;

  Doorbell(Dialer dialer, Deadlines deadlines) {
    this.dialer = dialer;
    this.deadlines = deadlines;
  }

  /** Where to ring. */
  record Door(String host, int port) {

    /** Of a URL without what is secret in it; null when it names no single host. */
    static @Nullable Door of(LoginUrl url, int usual) {
      var place = PLACE.matcher(url.place());
      if (!place.matches()) {
        return null;
      }
      var host = place.group(1) == null ? place.group(2) : place.group(1);
      var port = place.group(3) == null ? usual : Integer.parseInt(place.group(3));
      return port < 1 || port > 65_535 ? null : new Door(host, port);
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * @return by name what kept a door shut; nothing of those that opened
   */
  Map<String, String> ring(Map<String, Door> doors) throws InterruptedException {
    record Ringing(String name, Future<Optional<String>> answer) {}
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ringing = new ArrayList<Ringing>();
      doors.forEach(
          (name, door) -> ringing.add(new Ringing(name, threads.submit(() -> ring(door)))));
      var shut = new LinkedHashMap<String, String>();
      for (var one : ringing) {
        one.answer().get().ifPresent(why -> shut.put(one.name(), why));
      }
      return shut;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a connection failed in a way it must not", e.getCause());
    }
  }

  private Optional<String> ring(Door door) {
    try (var deadline = deadlines.start(PATIENCE);
        var _ = dialer.connect(door.host(), door.port(), deadline)) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Fault.of(e).words());
    }
  }
}
