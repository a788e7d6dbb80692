package io.nexus.heartbeat.api.validation;

import com.fasterxml.jackson.databind.JsonMappingException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.nexus.heartbeat.api.HeartbeatMonitor;
import io.nexus.heartbeat.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The monitors in a file, or everything that is wrong with them.
 *
 * @param declared empty when there is any finding
 * @param findings sorted by place
 * @param hostOnly the fields that the operator does not know, sorted by place
 * @param clusterOnly the fields that do nothing on a host, sorted by place
 * @param notices what was passed over, such as a Deployment in the same file
 */
public record MonitorFile(
    List<Declared> declared,
    List<Finding> findings,
    List<Finding> hostOnly,
    List<Finding> clusterOnly,
    List<String> notices) {
  private static final String API_VERSION = HeartbeatMonitor.GROUP + "/" + HeartbeatMonitor.VERSION;
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final String KIND = "HeartbeatMonitor";
  private static final int MAX_CHARACTERS = 3 * 1024 * 1024;

  /**
   * A monitor, and where its name stands.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Declared(HeartbeatMonitor monitor, int line, int column) {}

  public MonitorFile {
    declared = List.copyOf(declared);
    findings = findings.stream().sorted().distinct().toList();
    hostOnly = hostOnly.stream().sorted().distinct().toList();
    clusterOnly = clusterOnly.stream().sorted().distinct().toList();
    notices = List.copyOf(notices);
  }

  public List<HeartbeatMonitor> monitors() {
    return declared.stream().map(Declared::monitor).toList();
  }

  /**
   * Reads YAML or JSON, of one or several documents.
   *
   * @param file its name, for findings
   */
  public static MonitorFile parse(String file, String text) {
    var found = new Findings(file);
    var monitors = new ArrayList<Declared>();
    var hostOnly = new ArrayList<Finding>();
    var clusterOnly = new ArrayList<Finding>();
    var notices = new ArrayList<String>();
    if (text.length() > MAX_CHARACTERS) {
      found.add(1, 1, "", "the file is larger than 3 MiB, which is more than the API server takes");
    } else {
      try {
        if (isShallow(file, text, found)) {
          for (var document : new Compose(settings(file)).composeAllFromString(text)) {
            read(document, found, monitors, hostOnly, clusterOnly, notices);
          }
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
    return new MonitorFile(
        found.isEmpty() ? monitors : List.of(), found.all(), hostOnly, clusterOnly, notices);
  }

  /** Composing calls itself for each level, so what is nested too deeply is not composed. */
  private static boolean isShallow(String file, String text, Findings found) {
    var depth = 0;
    for (var event : new Parse(settings(file)).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
      if (depth > SchemaWalk.MAX_DEPTH) {
        var mark = event.getStartMark();
        found.add(
            mark.map(Mark::getLine).orElse(0) + 1,
            mark.map(Mark::getColumn).orElse(0) + 1,
            "",
            "nested too deeply");
        return false;
      }
    }
    return true;
  }

  private static LoadSettings settings(String file) {
    return LoadSettings.builder()
        .setLabel(file)
        .setUseMarks(true)
        .setSchema(KubectlScalars.SCHEMA)
        .setAllowDuplicateKeys(true) // reported by the walk, with their place
        .setMaxAliasesForCollections(50)
        .setCodePointLimit(MAX_CHARACTERS)
        .build();
  }

  private static void read(
      Node document,
      Findings found,
      List<Declared> monitors,
      List<Finding> hostOnly,
      List<Finding> clusterOnly,
      List<String> notices) {
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
      found.add(
          node(document, "kind"),
          "kind",
          "must be " + KIND + (kind == null ? "" : ", not " + kind));
    }
    if (!API_VERSION.equals(apiVersion)) {
      found.add(
          node(document, "apiVersion"),
          "apiVersion",
          "must be " + API_VERSION + (apiVersion == null ? "" : ", not " + apiVersion));
    }
    var before = found.count();
    found.begin();
    var walk = SchemaWalk.of(found);
    var tree = walk.walk(document);
    hostOnly.addAll(walk.hostOnly());
    clusterOnly.addAll(walk.clusterOnly());
    if (tree == null) {
      return;
    }
    var damage = found.damage();
    new Rules(found, damage).check(tree);
    DependsOn.check(tree, found);
    tree.child("spec").ifPresent(spec -> TimeZones.check(spec, found));
    tree.child("spec").ifPresent(spec -> Schedules.check(spec, damage, found));
    TargetRules.check(tree, damage, it -> as(Target.class, it, found), found);
    if (found.count() == before) {
      var name = tree.child("metadata").flatMap(m -> m.child("name")).orElse(tree).node();
      as(HeartbeatMonitor.class, tree, found)
          .ifPresent(
              m -> monitors.add(new Declared(m, Findings.line(name), Findings.column(name))));
    }
  }

  /** What the mapper refuses after all that is a mistake in the file all the same. */
  private static <T> Optional<T> as(Class<T> type, Tree tree, Findings found) {
    try {
      return Optional.of(SERIALIZATION.unmarshal(SERIALIZATION.asJson(tree.plain()), type));
    } catch (KubernetesClientException | IllegalArgumentException e) {
      var place = tree;
      if (e.getCause() instanceof JsonMappingException cause) {
        for (var step : cause.getPath()) {
          place = place.below(step.getFieldName(), step.getIndex()).orElse(place);
        }
      }
      found.add(place.node(), place.path(), "has not the form that it must have here");
      return Optional.empty();
    }
  }

  private static @Nullable String text(Node document, String key) {
    return node(document, key) instanceof ScalarNode scalar && scalar != document
        ? scalar.getValue()
        : null;
  }

  /** The document itself where it has no such key. */
  private static Node node(Node document, String key) {
    if (document instanceof MappingNode map) {
      for (var entry : map.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key)) {
          return entry.getValueNode();
        }
      }
    }
    return document;
  }
}
