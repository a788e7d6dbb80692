package io.nexus.heartbeat.check;

import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexus.heartbeat.net.Misconfigured;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;

/** What the kinds that ask an HTTP API for JSON have in common. */
final class JsonApi {
  // Fields that nobody asked for are skipped, not kept: what an answer takes is what is read of it.
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private JsonApi() {}

  /** A path below the address that the author wrote, which may have one of its own. */
  static URI under(String url, String path) throws Misconfigured {
    var end = url.length();
    while (end > 0 && url.charAt(end - 1) == '/') {
      end--;
    }
    try {
      return new URI(url.substring(0, end) + path);
    } catch (URISyntaxException e) {
      throw new Misconfigured("the url is not valid: " + e.getReason() + " at " + e.getIndex());
    }
  }

  /**
   * @param question for messages, such as {@code GET /api/tags}
   * @throws ProtocolFailure it is too long, no JSON, or JSON of another form
   */
  static <T> T parsed(Response response, String question, Class<T> type) throws ProtocolFailure {
    var body = response.body();
    if (response.truncated()) {
      throw new ProtocolFailure(
          "answered " + question + " with more than " + body.length / 1024 + " KiB");
    }
    try {
      var value = JSON.readValue(body, type);
      if (value != null) {
        return value;
      }
    } catch (IOException e) {
      if (Words.chain(e).stream().anyMatch(StreamReadException.class::isInstance)
          || body.length == 0) {
        throw new ProtocolFailure(
            "answered "
                + question
                + " with what is no JSON"
                + (body.length == 0 ? ", but empty" : ": " + Plain.text(response.text(), 60)));
      }
    }
    throw new ProtocolFailure("answered " + question + " with JSON, but of another form");
  }

  static String words(Response response) {
    var reason = response.reason();
    return "HTTP " + response.status() + (reason.isEmpty() ? "" : " " + reason);
  }
}
