package io.nexus.heartbeat.api.validation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.nexus.heartbeat.api.DependencyCycle;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The monitors in a file, or everything that is wrong with them.
 *
 * @param monitors empty when there is any finding
 * @param findings sorted by place
 * @param notices what was passed over, such as a Deployment in the same file
 */
public record MonitorFile(
    List<HeartbeatMonitor> monitors, List<Finding> findings, List<String> notices) {
  private static final String API_VERSION = HeartbeatMonitor.GROUP + "/" + HeartbeatMonitor.VERSION;
  private static final String KIND = "HeartbeatMonitor";
  private static final int MAX_CHARACTERS = 3 * 1024 * 1024;

  public MonitorFile {
    monitors = List.copyOf(monitors);
    findings = findings.stream().sorted().distinct().toList();
    notices = List.copyOf(notices);
  }

  /**
   * Reads YAML or JSON, of one or several documents.
   *
   * @param file its name, for findings
   */
  public static MonitorFile parse(String file, String text) {
    var found = new Findings(file);
    var monitors = new ArrayList<HeartbeatMonitor>();
    var notices = new ArrayList<String>();
    if (text.length() > MAX_CHARACTERS) {
      found.add(1, 1, "", "the file is larger than 3 MiB, which is more than the API server takes");
    } else {
      try {
        for (var document : new Compose(settings(file)).composeAllFromString(text)) {
          read(document, found, monitors, notices);
        }
      } catch (MarkedYamlEngineException e) {
        var mark = e.getProblemMark().or(e::getContextMark);
        found.add(
            mark.map(Mark::getLine).orElse(0) + 1,
            mark.map(Mark::getColumn).orElse(0) + 1,
            "",
            "not YAML: " + e.getProblem());
      } catch (YamlEngineException e) {
        found.add(1, 1, "", "not YAML: " + e.getMessage());
      }
    }
    if (found.isEmpty() && monitors.isEmpty()) {
      found.add(1, 1, "", "there is no " + KIND + " in this file");
    }
    return new MonitorFile(found.isEmpty() ? monitors : List.of(), found.all(), notices);
  }

  private static LoadSettings settings(String file) {
    return LoadSettings.builder()
        .setLabel(file)
        .setUseMarks(true)
        .setAllowDuplicateKeys(true) // reported by the walk, with their place
        .setMaxAliasesForCollections(50)
        .setCodePointLimit(MAX_CHARACTERS)
        .build();
  }

  private static void read(
      Node document, Findings found, List<HeartbeatMonitor> monitors, List<String> notices) {
    if (document instanceof ScalarNode empty && empty.getValue().isEmpty()) {
      return;
    }
    var apiVersion = text(document, "apiVersion");
    var kind = text(document, "kind");
    var ours =
        KIND.equals(kind) || (apiVersion != null && apiVersion.startsWith(HeartbeatMonitor.GROUP));
    if (kind != null && apiVersion != null && !ours) {
      notices.add(found.place(document) + ": " + kind + " passed over; only " + KIND + " is read");
      return;
    }
    if (!KIND.equals(kind)) {
      found.add(document, "kind", "must be " + KIND + (kind == null ? "" : ", not " + kind));
    }
    if (!API_VERSION.equals(apiVersion)) {
      found.add(
          document,
          "apiVersion",
          "must be " + API_VERSION + (apiVersion == null ? "" : ", not " + apiVersion));
    }
    var before = found.count();
    var tree = SchemaWalk.of(found).walk(document);
    if (tree == null || found.count() > before) {
      return;
    }
    new Rules(found).check(tree);
    if (!found.isEmpty()) {
      return;
    }
    var serialization = new KubernetesSerialization();
    var monitor =
        serialization.unmarshal(serialization.asJson(tree.plain()), HeartbeatMonitor.class);
    var targets = tree.child("spec").flatMap(spec -> spec.child("targets")).orElse(tree);
    DependencyCycle.in(monitor.getSpec())
        .ifPresentOrElse(
            ring ->
                found.add(
                    targets.node(),
                    "spec.targets",
                    "dependsOn goes round in a ring: " + ring + "; remove one of these"),
            () -> monitors.add(named(monitor, found, document)));
  }

  private static HeartbeatMonitor named(HeartbeatMonitor monitor, Findings found, Node document) {
    if (((HasMetadata) monitor).getMetadata() == null || monitor.getMetadata().getName() == null) {
      found.add(document, "metadata.name", "required: a name for this monitor");
    }
    return monitor;
  }

  private static @Nullable String text(Node document, String key) {
    if (document instanceof MappingNode map) {
      for (var entry : map.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode k
            && k.getValue().equals(key)
            && entry.getValueNode() instanceof ScalarNode v) {
          return v.getValue();
        }
      }
    }
    return null;
  }
}
