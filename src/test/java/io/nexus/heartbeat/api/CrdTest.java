package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrdTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theCommittedCrdIsTheGeneratedOne() throws IOException {
    var generated = CrdSource.generate();
    if (Boolean.getBoolean("crd.write")) {
      Files.createDirectories(CrdSource.FILE.getParent());
      Files.writeString(CrdSource.FILE, generated);
    }
    assertThat(CrdSource.FILE)
        .as("the records changed; rewrite the CRD with: mvn test -Dtest=CrdTest -Dcrd.write=true")
        .exists()
        .content()
        .isEqualTo(generated);
  }

  @Test
  void whatOnlyAHostKnowsIsInItsOwnFile() throws IOException {
    var generated =
        HostFields.between(
            schema(CrdSource.generate()), HostFields.marked(schema(CrdSource.generate(true))));
    if (Boolean.getBoolean("crd.write")) {
      Files.writeString(HostFields.FILE, generated);
    }
    assertThat(HostFields.FILE)
        .as("the records changed; rewrite it with: mvn test -Dtest=CrdTest -Dcrd.write=true")
        .exists()
        .content()
        .isEqualTo(generated);
  }

  @Test
  void thePageOfFieldsIsTheCrds() throws IOException {
    var page =
        FieldsPage.of(
            HostFields.marked(schema(CrdSource.generate(true))), schema(CrdSource.generate()));
    if (Boolean.getBoolean("crd.write")) {
      Files.writeString(FieldsPage.FILE, page);
    }
    assertThat(FieldsPage.FILE)
        .as("the CRD changed; rewrite its page with: mvn test -Dtest=CrdTest -Dcrd.write=true")
        .exists()
        .content()
        .isEqualTo(page);
  }

  @Test
  void theWordsAreThoseOfTheSources() throws IOException {
    assertThat(schema().toString()).doesNotContain("\\\\u").contains("(http, redis …)");
  }

  @Test
  void everythingIsBoundedAndExplained() throws IOException {
    var faults = new ArrayList<String>();
    walk("spec", schema().at("/properties/spec"), faults, true);
    walk("status", schema().at("/properties/status"), faults, true);
    assertThat(faults).isEmpty();
  }

  @Test
  void everythingThatOnlyAHostKnowsIsBoundedAndExplainedToo() throws IOException {
    var faults = new ArrayList<String>();
    walk("spec", schema(CrdSource.generate(true)).at("/properties/spec"), faults, true);
    assertThat(faults).isEmpty();
  }

  @Test
  void theSchemasDefaultsAreThoseOfTheRecords() throws Exception {
    var schema = schema().at("/properties/spec");
    var target = schema.at("/properties/targets/items");
    assertDefaults(schema, MonitorSpec.class);
    assertDefaults(target, io.nexus.heartbeat.api.Target.class);
    assertDefaults(target.at("/properties/http"), HttpTarget.class);
    assertDefaults(target.at("/properties/http/properties/service"), HttpTarget.ServiceRef.class);
    assertDefaults(target.at("/properties/http/properties/tls"), Tls.class);
    assertDefaults(target.at("/properties/webSocket"), WebSocketTarget.class);
    assertDefaults(target.at("/properties/tls"), TlsTarget.class);
    assertDefaults(target.at("/properties/disk"), DiskTarget.class);
    assertDefaults(target.at("/properties/dns"), DnsTarget.class);
    assertDefaults(target.at("/properties/grpc"), GrpcTarget.class);
    assertDefaults(target.at("/properties/repair/items"), Rung.class);
    assertDefaults(
        schema.at("/properties/alerts/properties/receivers/items"), Alerts.Receiver.class);
    assertDefaults(
        schema.at("/properties/alerts/properties/receivers/items/properties/telegram"),
        Alerts.Telegram.class);
  }

  private static void assertDefaults(JsonNode schema, Class<?> type) throws IOException {
    JsonNode java = JSON.readTree(JSON.writeValueAsString(JSON.readValue("{}", type)));
    assertThat(filled(schema, JSON.createObjectNode())).as(type.getSimpleName()).isEqualTo(java);
  }

  private static ObjectNode filled(JsonNode schema, ObjectNode into) {
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              var fallback = field.getValue().get("default");
              if (fallback instanceof ObjectNode object) {
                into.set(field.getKey(), filled(field.getValue(), object.deepCopy()));
              } else if (fallback != null) {
                into.set(field.getKey(), fallback);
              }
            });
    return into;
  }

  private static void walk(String path, JsonNode schema, List<String> faults, boolean named) {
    if (named && schema.path("description").asText().isEmpty()) {
      faults.add(path + ": no description");
    }
    var needed =
        schema.path("x-kubernetes-int-or-string").asBoolean()
            ? Set.of("maxLength")
            : switch (schema.path("type").asText()) {
              case "string" -> schema.has("enum") ? Set.<String>of() : Set.of("maxLength");
              case "integer" -> Set.of("minimum", "maximum");
              case "array" -> Set.of("maxItems");
              case "object" ->
                  schema.has("additionalProperties") ? Set.of("maxProperties") : Set.<String>of();
              default -> Set.<String>of();
            };
    needed.stream()
        .filter(bound -> !schema.has(bound))
        .forEach(b -> faults.add(path + ": no " + b));
    schema
        .path("properties")
        .properties()
        .forEach(f -> walk(path + "." + f.getKey(), f.getValue(), faults, true));
    if (schema.has("items")) {
      walk(path + "[]", schema.get("items"), faults, false);
    }
    if (schema.has("additionalProperties")) {
      walk(path + ".*", schema.get("additionalProperties"), faults, false);
    }
  }

  private static JsonNode schema() throws IOException {
    return schema(Files.readString(CrdSource.FILE));
  }

  private static JsonNode schema(String yaml) {
    var crd = new KubernetesSerialization().unmarshal(yaml, JsonNode.class);
    return crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }
}
