package io.nexus.heartbeat.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.nexus.heartbeat.api.OllamaTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.net.http.Response;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which models an Ollama server has, and which of them are loaded.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">Ollama's API</a>
 */
record OllamaCheck(OllamaTarget target, Surroundings surroundings) implements Check {
  /** Some thousand models. */
  static final int MOST_BYTES = 512 * 1024;

  private static final String TAGS = "/api/tags";
  private static final String LOADED = "/api/ps";
  private static final int NAMED = 5;

  /** Go writes a list of none as null. */
  private record Listing(
      @JsonProperty(value = "models", required = true) @Nullable List<@Nullable Model> models) {
    List<Model> all() {
      return models == null ? List.of() : models.stream().filter(Objects::nonNull).toList();
    }
  }

  private record Model(
      @JsonProperty("name") @Nullable String name, @JsonProperty("size_vram") long vram) {}

  static Check of(OllamaTarget target, Surroundings surroundings) {
    return new OllamaCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    try {
      var tls = Trust.of(target.tls(), surroundings.secrets());
      var tags = ask(TAGS, tls, deadline);
      var measured = HttpProbe.measured(tags, tags.total());
      if (tags.status() != 200) {
        return unexpected(TAGS, tags, measured);
      }
      var there = listing(TAGS, tags).all();
      measured = measured.with("models", there.size());
      var loaded = ask(LOADED, tls, deadline);
      if (loaded.status() == 404) {
        // It came with 0.1.33.
        measured = unloaded(measured, "this Ollama is too old to tell");
      } else if (loaded.status() != 200) {
        return unexpected(LOADED, loaded, measured);
      } else {
        var models = listing(LOADED, loaded).all();
        measured =
            measured
                .with("loadedModels", models.size())
                .with("vramBytes", models.stream().mapToDouble(Model::vram).sum());
      }
      return judged(there, measured);
    } catch (SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Faults.reading(e);
    }
  }

  private Response ask(String path, TlsSettings tls, Deadline deadline) throws IOException {
    var request =
        Request.of("GET", JsonApi.under(target.url(), path)).with(tls).readingAtMost(MOST_BYTES);
    return surroundings.clients().http().send(request, surroundings.dialer(), deadline);
  }

  private static Listing listing(String path, Response response) throws IOException {
    return JsonApi.parsed(response, "GET " + path, Listing.class);
  }

  private Reading judged(List<Model> there, Measurements measured) {
    var missing = new ArrayList<String>();
    for (var wanted : target.models()) {
      var full = tagged(wanted);
      if (there.stream().noneMatch(model -> full.equalsIgnoreCase(model.name()))) {
        missing.add(wanted);
      }
    }
    return switch (missing.size()) {
      case 0 -> new Reading.Up(measured);
      case 1 ->
          new Reading.Impaired("model " + missing.getFirst() + " is missing", measured, false);
      default ->
          new Reading.Impaired(
              missing.size()
                  + " models are missing: "
                  + String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())))
                  + (missing.size() > NAMED ? " …" : ""),
              measured,
              false);
    };
  }

  /** As {@code ollama pull} reads a name: without a tag it is the latest. */
  private static String tagged(String name) {
    return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":latest" : name;
  }

  private static Reading unexpected(String path, Response response, Measurements measured) {
    if (response.status() >= 500) {
      return new Reading.Down(JsonApi.words(response), measured);
    }
    if (response.status() == 429) {
      var note = "rate limited";
      var less =
          measured.number("models").isPresent() ? measured : measured.without("models", note);
      return new Reading.Up(unloaded(less, note).with("note", note));
    }
    return new Reading.Unknown(
        "GET " + path + ": " + JsonApi.words(response) + "; url must lead to an Ollama server");
  }

  private static Measurements unloaded(Measurements measured, String why) {
    return measured.without("loadedModels", why).without("vramBytes", why);
  }
}
