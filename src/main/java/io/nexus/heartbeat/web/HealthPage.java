package io.nexus.heartbeat.web;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.engine.MonitorKey;
import io.nexus.heartbeat.engine.TargetView;
import io.nexus.heartbeat.net.Plain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each target now, in JSON: {@code /api/health/detailed} for all monitors that the
 * reader may see, {@code /api/health/detailed/<namespace>/<monitor>} for one.
 */
final class HealthPage {
  static final String PATH = "/api/health/detailed";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST_MESSAGE = 1024;

  private final Supplier<List<TargetView>> targets;
  private final Readers readers;
  private final InstantSource clock;

  HealthPage(Supplier<List<TargetView>> targets, Readers readers, InstantSource clock) {
    this.targets = targets;
    this.readers = readers;
    this.clock = clock;
  }

  record Health(
      String timestamp,
      @JsonProperty("overall_status") String overallStatus,
      @JsonProperty("has_critical") boolean hasCritical,
      Map<String, Component> components) {}

  record Component(
      String component,
      String status,
      String message,
      Map<String, Object> details,
      @JsonProperty("checked_at") @JsonInclude(JsonInclude.Include.ALWAYS)
          @Nullable String checkedAt) {}

  Answer answer(HttpExchange exchange) {
    var path = exchange.getRequestURI().getPath();
    var wanted = wanted(path);
    if (wanted.isEmpty() && !path.equals(PATH)) {
      return Answer.text(404, PATH + "\n" + PATH + "/<namespace>/<monitor>\n");
    }
    var views = targets.get();
    var known = views.stream().map(TargetView::monitor).collect(toCollection(LinkedHashSet::new));
    var request =
        new Readers.Request(
            token(exchange),
            exchange.getRequestHeaders().getFirst("Host"),
            wanted.orElse(null),
            known);
    return switch (readers.admit(request)) {
      case Readers.Admission.Granted(var seen) -> shown(views, seen, wanted);
      case Readers.Admission.WhoAreYou(var words) ->
          Answer.text(401, Shown.text(words) + "\n").with("WWW-Authenticate", "Bearer");
      case Readers.Admission.Denied(var words) -> Answer.text(403, Shown.text(words) + "\n");
      case Readers.Admission.CannotTell(var words) -> Answer.text(503, Shown.text(words) + "\n");
    };
  }

  private static Optional<MonitorKey> wanted(String path) {
    var parts =
        path.startsWith(PATH + "/") ? path.substring(PATH.length() + 1).split("/", -1) : null;
    return parts == null || parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()
        ? Optional.empty()
        : Optional.of(new MonitorKey(parts[0], parts[1]));
  }

  private static @Nullable String token(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? header.substring(7).strip()
        : null;
  }

  private Answer shown(List<TargetView> views, Set<MonitorKey> seen, Optional<MonitorKey> wanted) {
    var shown = views.stream().filter(view -> seen.contains(view.monitor())).toList();
    if (wanted.isPresent() && shown.isEmpty()) {
      return Answer.text(404, "no monitor " + Shown.text(wanted.get().toString()) + "\n");
    }
    try {
      return new Answer(200, "application/json", JSON.writeValueAsBytes(health(shown)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("health cannot be written", e);
    }
  }

  private Health health(List<TargetView> views) {
    var counting = views.stream().filter(TargetView::counts).map(TargetView::level).toList();
    var alone = views.stream().map(TargetView::monitor).distinct().count() <= 1;
    var components = new LinkedHashMap<String, Component>();
    for (var view : views) {
      components.put(alone ? view.target() : view.monitor() + "/" + view.target(), component(view));
    }
    return new Health(
        clock.instant().toString(),
        word(Level.worst(counting)),
        counting.contains(Level.Critical),
        components);
  }

  private static Component component(TargetView view) {
    var details = new LinkedHashMap<String, Object>();
    details.putAll(view.measurements().numbers());
    details.putAll(view.measurements().words());
    return new Component(
        view.target(),
        word(view.level()),
        message(view),
        details,
        Optional.ofNullable(view.lastChecked()).map(Instant::toString).orElse(null));
  }

  /** Well, a target has nothing to say; what was expected there is that it answered. */
  private static String message(TargetView view) {
    if (view.level() != Level.Healthy || !view.message().isEmpty()) {
      return Plain.text(view.message(), LONGEST_MESSAGE);
    }
    var answer = view.measurements().words().getOrDefault("status", "ok");
    return view.latency() == null ? answer : answer + " in " + millis(view.latency()) + " ms";
  }

  private static long millis(Duration latency) {
    return Math.max(1, latency.toMillis());
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
