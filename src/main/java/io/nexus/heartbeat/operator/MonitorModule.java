package io.nexus.heartbeat.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.MonitorSpec;
import io.nexus.heartbeat.api.MonitorStatus;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads any monitor, so that one that makes no sense stops no other. */
final class MonitorModule extends SimpleModule {
  private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(MonitorModule.class);

  MonitorModule() {
    super("heartbeat-monitors");
    addDeserializer(HeartbeatMonitor.class, new Reader());
  }

  private static final class Reader extends StdDeserializer<HeartbeatMonitor> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(HeartbeatMonitor.class);
    }

    @Override
    public HeartbeatMonitor deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode tree = context.readTree(parser);
      var metadata = context.readTreeAsValue(tree.path("metadata"), ObjectMeta.class);
      var monitor = withSpec(tree, context);
      monitor.setMetadata(metadata == null ? new ObjectMeta() : metadata);
      monitor.setStatus(status(tree, monitor, context));
      return monitor;
    }

    private static HeartbeatMonitor withSpec(JsonNode tree, DeserializationContext context)
        throws IOException {
      if (!tree.path("spec").isObject()) {
        return new UnreadableMonitor("spec: is missing");
      }
      try {
        var monitor = new HeartbeatMonitor();
        monitor.setSpec(context.readTreeAsValue(tree.get("spec"), MonitorSpec.class));
        return monitor;
      } catch (JsonProcessingException e) {
        return new UnreadableMonitor(words("spec", e));
      }
    }

    /**
     * A status that cannot be read, by a version before ours or a forger, is as none. That costs
     * what was known, and is safe: nothing is repaired that was not seen healthy since, and the
     * sequence of acts stands on the workload.
     */
    private static @Nullable MonitorStatus status(
        JsonNode tree, HeartbeatMonitor monitor, DeserializationContext context)
        throws IOException {
      if (!tree.path("status").isObject()) {
        return null;
      }
      try {
        return context.readTreeAsValue(tree.get("status"), MonitorStatus.class);
      } catch (JsonProcessingException e) {
        log.warn(
            "monitor {}/{}: starting without what was known, its status cannot be read: {}",
            monitor.getMetadata().getNamespace(),
            monitor.getMetadata().getName(),
            words("status", e));
        return null;
      }
    }

    private static String words(String root, JsonProcessingException e) {
      var path =
          e instanceof JsonMappingException mapping
              ? mapping.getPath().stream()
                  .map(
                      at ->
                          at.getFieldName() == null
                              ? "[" + at.getIndex() + "]"
                              : "." + at.getFieldName())
                  .collect(Collectors.joining())
              : "";
      return root + path + ": " + e.getOriginalMessage();
    }
  }
}
