package io.nexus.heartbeat.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The CRD, generated from the records; what the generator cannot say is added by one walk. */
final class CrdSource {
  static final Path FILE = Path.of("crds/heartbeatmonitors.heartbeat.nexus.io-v1.yml");
  private static final Path RECORDS = Path.of("src/main/java/io/nexus/heartbeat/api");

  /** Status is written by us alone; its bounds only keep a forged one small. */
  private static final long STATUS_LIST = 200;

  private static final long STATUS_TEXT = Bounded.MESSAGE;

  /** The generator sorts them; people read the level first. */
  private static final List<String> COLUMNS =
      List.of("Level", "Healthy", "Recovery", "Last Change", "Message", "Age");

  private final FieldDocs docs;
  private final boolean forHosts;

  private CrdSource(FieldDocs docs, boolean forHosts) {
    this.docs = docs;
    this.forHosts = forHosts;
  }

  static String generate() throws IOException {
    return generate(false);
  }

  /**
   * @param forHosts with the fields that are for a host only
   */
  static String generate(boolean forHosts) throws IOException {
    var source = new CrdSource(FieldDocs.read(RECORDS), forHosts);
    var out = new ByteArrayOutputStream();
    var mapper = new ObjectMapper();
    var serialization = new KubernetesSerialization(mapper, false);
    // The generator reads a default by its Java type alone, without the component's annotations.
    mapper.registerModule(
        new SimpleModule()
            .addDeserializer(Duration.class, new GoDuration.Reader())
            .addSerializer(Duration.class, new GoDuration.Writer()));
    var info =
        new CRDGenerator()
            .withObjectMapper(mapper, serialization)
            .customResourceClasses(List.of(HeartbeatMonitor.class))
            .forCRDVersions("v1")
            .withPostProcessor(
                new CRDPostProcessor() {
                  @Override
                  public HasMetadata process(HasMetadata crd, String version) {
                    return source.complete((CustomResourceDefinition) crd);
                  }
                })
            .withOutput(new InMemory(out))
            .detailedGenerate();
    if (info.numberOfGeneratedCRDs() != 1) {
      throw new IllegalStateException("generated " + info.numberOfGeneratedCRDs() + " CRDs");
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private CustomResourceDefinition complete(CustomResourceDefinition crd) {
    var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    root.setDescription(docs.types().get("HeartbeatMonitor"));
    root.setRequired(List.of("spec"));
    complete(property(root, "spec"), MonitorSpec.class, "MonitorSpec");
    complete(property(root, "status"), MonitorStatus.class, "MonitorStatus");
    boundStatus(property(root, "status"));
    eachRuleOnce(root);
    var columns = crd.getSpec().getVersions().getFirst().getAdditionalPrinterColumns();
    columns.sort(Comparator.comparing(column -> COLUMNS.indexOf(column.getName())));
    return crd;
  }

  private void complete(JSONSchemaProps schema, Class<?> type, String owner) {
    if (schema.getDescription() == null) {
      schema.setDescription(docs.types().get(owner));
    }
    for (var component : type.getRecordComponents()) {
      var field = property(schema, fieldName(component));
      field.setDescription(docs.fields().get(type.getSimpleName() + "." + component.getName()));
      completeField(field, component);
    }
    if (!forHosts) {
      hostOnly(type).forEach(name -> schema.getProperties().remove(name));
    }
    choose(schema, type);
  }

  private static Set<String> hostOnly(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .filter(component -> declared(component).isAnnotationPresent(HostOnly.class))
        .map(CrdSource::fieldName)
        .collect(Collectors.toSet());
  }

  private void choose(JSONSchemaProps schema, Class<?> type) {
    var choice = type.getAnnotation(ExactlyOne.class);
    if (choice == null) {
      return;
    }
    var kept = forHosts ? Set.<String>of() : hostOnly(type);
    var names = Stream.of(choice.value()).filter(name -> !kept.contains(name)).toList();
    if (names.size() == 1) {
      schema.setRequired(names);
      return;
    }
    var rule = new ValidationRule();
    rule.setRule(
        names.stream()
            .map(name -> "has(self." + name + ")")
            .collect(Collectors.joining(", ", "[", "].exists_one(k, k)")));
    rule.setMessage("exactly one of " + listed(names) + " must be set" + forgone(kept));
    schema.setXKubernetesValidations(
        Stream.concat(schema.getXKubernetesValidations().stream(), Stream.of(rule)).toList());
  }

  private static String listed(List<String> names) {
    var last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  private static String forgone(Set<String> hostOnly) {
    return hostOnly.isEmpty()
        ? ""
        : "; on a host only: " + String.join(", ", hostOnly.stream().sorted().toList());
  }

  private void completeField(JSONSchemaProps field, RecordComponent component) {
    var own = declared(component);
    var listMap = own.getAnnotation(ListMap.class);
    if (component.getType() == List.class) {
      var element =
          (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
      field.setXKubernetesListType(
          listMap != null ? "map" : own.isAnnotationPresent(ListSet.class) ? "set" : "atomic");
      if (listMap != null) {
        field.setXKubernetesListMapKeys(List.of(listMap.value()));
      }
      completeValue(field.getItems().getSchema(), element);
      var elementType =
          ((AnnotatedParameterizedType) own.getAnnotatedType())
              .getAnnotatedActualTypeArguments()[0];
      boundIntOrString(field.getItems().getSchema(), elementType);
    } else {
      completeValue(field, component.getType());
      boundIntOrString(field, limit(own));
    }
    var among = own.getAnnotation(Among.class);
    if (among != null) {
      field.setEnum(Arrays.stream(among.value()).<JsonNode>map(TextNode::valueOf).toList());
    }
  }

  private static AnnotatedElement limit(AnnotatedElement own) {
    return Stream.<Class<? extends Annotation>>of(Limit.class, Percent.class)
        .filter(own::isAnnotationPresent)
        .<AnnotatedElement>map(kind -> kind)
        .findFirst()
        .orElse(own);
  }

  private void completeValue(JSONSchemaProps schema, Class<?> type) {
    if (type.isRecord()) {
      complete(schema, type, type.getSimpleName());
    } else if (type == Instant.class) {
      schema.setFormat("date-time");
    } else if (type == IntOrString.class) {
      // Bounds beside x-kubernetes-int-or-string hold for its strings.
      schema.setType(null);
      schema.setAnyOf(List.of());
    } else if (type == Condition.class) {
      var described =
          Map.of(
              "type", "Ready, Healthy or AlertsDelivered.",
              "status", "True, False or Unknown.",
              "observedGeneration", "The metadata.generation this condition speaks of.",
              "lastTransitionTime", "When the status last changed.",
              "reason", "One word for the status.",
              "message", "The reason in words.");
      schema.setRequired(List.of("status", "type"));
      schema.getProperties().forEach((name, field) -> field.setDescription(described.get(name)));
    }
  }

  /** The generator bounds strings and numbers, but not what may be either. */
  private static void boundIntOrString(JSONSchemaProps schema, AnnotatedElement source) {
    if (!Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      return;
    }
    if (source.getAnnotation(Pattern.class) instanceof Pattern pattern) {
      schema.setPattern(pattern.value());
    }
    if (source.getAnnotation(Size.class) instanceof Size size) {
      schema.setMinLength(size.min());
      schema.setMaxLength(size.max());
    }
    if (source.getAnnotation(Min.class) instanceof Min min) {
      schema.setMinimum(min.value());
    }
    if (source.getAnnotation(Max.class) instanceof Max max) {
      schema.setMaximum(max.value());
    }
  }

  private static void boundStatus(JSONSchemaProps schema) {
    if ("string".equals(schema.getType())
        || Boolean.TRUE.equals(schema.getXKubernetesIntOrString())) {
      if (schema.getMaxLength() == null && schema.getEnum().isEmpty()) {
        schema.setMaxLength(STATUS_TEXT);
      }
    } else if ("integer".equals(schema.getType())) {
      schema.setMinimum(0.0);
      schema.setFormat("int64");
      schema.setMaximum((double) (1L << 53));
    } else if ("array".equals(schema.getType())) {
      schema.setMaxItems(STATUS_LIST);
      boundStatus(schema.getItems().getSchema());
    } else if (schema.getAdditionalProperties() != null) {
      schema.setMaxProperties(100L);
      boundStatus(schema.getAdditionalProperties().getSchema());
    }
    schema.getProperties().values().forEach(CrdSource::boundStatus);
  }

  /** The generator sees an annotation of a component on its field and again on its accessor. */
  private static void eachRuleOnce(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        schema.getXKubernetesValidations().stream().distinct().toList());
    schema.getProperties().values().forEach(CrdSource::eachRuleOnce);
    if (schema.getItems() != null) {
      eachRuleOnce(schema.getItems().getSchema());
    }
  }

  private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
    return Objects.requireNonNull(schema.getProperties().get(name), name);
  }

  static String fieldName(RecordComponent component) {
    var property = declared(component).getAnnotation(JsonProperty.class);
    return property == null ? component.getName() : property.value();
  }

  static java.lang.reflect.Field declared(RecordComponent component) {
    return Stream.of(component.getDeclaringRecord().getDeclaredFields())
        .filter(field -> field.getName().equals(component.getName()))
        .findFirst()
        .orElseThrow();
  }

  private record InMemory(ByteArrayOutputStream out)
      implements CRDGenerator.CRDOutput<OutputStream> {
    @Override
    public OutputStream outputFor(String name) {
      return out;
    }

    @Override
    public java.net.URI crdURI(String name) {
      return FILE.toUri();
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
