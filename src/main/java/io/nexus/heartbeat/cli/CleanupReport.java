package io.nexus.heartbeat.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.cleanup.Bytes;
import io.nexus.heartbeat.cleanup.Cleaner;
import io.nexus.heartbeat.cleanup.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a cleanup does, as it does it, and then what it did; however many files there are. */
interface CleanupReport extends Cleaner.Listener {

  /** How it is written. */
  enum Format {
    text,
    json
  }

  void end(Result result);

  /**
   * @param isListed every file is named
   */
  static CleanupReport of(Format format, boolean isListed, PrintWriter out) {
    return switch (format) {
      case text -> new Text(isListed, out);
      case json -> new Json(isListed, out);
    };
  }

  /** Maps of words and numbers. */
  static ObjectNode tree(Result result) {
    return new ObjectMapper().valueToTree(result);
  }

  static String oneLine(Result result) {
    try {
      return new ObjectMapper().writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("words and numbers can be written", e);
    }
  }

  /** For people. */
  record Text(boolean isListed, PrintWriter out) implements CleanupReport {
    @Override
    public void deleted(String path, long freed) {
      if (isListed) {
        out.println(path);
      }
    }

    @Override
    public void end(Result result) {
      out.println(result.summary());
      say("spared", result.spared(), why -> why.words());
      say("failed", result.failed(), words -> words);
      if (result.linked() > 0) {
        out.println(
            result.linked() + " of them have other names, so that nothing is freed by them");
      }
      if (result.freed() != null) {
        out.println(
            "the file system has "
                + Bytes.words(Math.abs(result.freed()))
                + (result.freed() < 0 ? " less" : " more")
                + " free, whoever else wrote or deleted meanwhile");
      }
      sayWhatIsOpen(result);
      result.remarks().forEach(remark -> out.println("  " + remark));
    }

    private void sayWhatIsOpen(Result result) {
      var open = result.stillOpen();
      if (open.files() > 0) {
        out.println(
            "deleted but still open, and so not free: %d files, %s, held by %s"
                .formatted(
                    open.files(),
                    Bytes.words(open.bytes()),
                    open.holders().stream()
                        .map(holder -> holder.program() + " (" + holder.process() + ")")
                        .collect(Collectors.joining(", "))));
      }
      if (!open.seen()) {
        out.println("who has files open could not be seen of every process");
      }
    }

    private <K> void say(String what, Map<K, Long> counts, Function<K, String> words) {
      if (!counts.isEmpty()) {
        out.println(
            what
                + ": "
                + counts.entrySet().stream()
                    .map(entry -> entry.getValue() + " " + words.apply(entry.getKey()))
                    .sorted()
                    .collect(Collectors.joining("; ")));
      }
    }
  }

  /** One object, of which the names come first. */
  final class Json implements CleanupReport {
    private final boolean isListed;
    private final PrintWriter out;
    private final JsonGenerator json;

    private Json(boolean isListed, PrintWriter out) {
      this.isListed = isListed;
      this.out = out;
      try {
        json =
            new ObjectMapper()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter();
        json.writeStartObject();
        if (isListed) {
          json.writeArrayFieldStart("paths");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void deleted(String path, long freed) {
      if (isListed) {
        try {
          json.writeString(path);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void end(Result result) {
      try {
        if (isListed) {
          json.writeEndArray();
        }
        for (var field : tree(result).properties()) {
          json.writePOJOField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
        json.close();
        out.println();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
