package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.util.List;
import java.util.Map;

/**
 * The NEXUS monitor, as the options of the predecessor say it. What is secret in them is not in the
 * monitor, which reads it from environment variables.
 *
 * @param yaml as {@code run -f} and {@code validate} take it
 * @param environment of these variables, the values that the options give them
 * @param secrets what must not be shown, in whatever form
 */
public record NexusMonitor(
    HeartbeatMonitor monitor, String yaml, Map<String, String> environment, List<String> secrets) {
  /** The options make no monitor; the message names the one that does not. */
  public static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  public static NexusMonitor of(NexusOptions options) throws Wrong {
    return new NexusYaml(options, Remarks.NONE).monitor();
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return yaml;
  }
}
