package io.nexus.heartbeat.api;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An Ollama server and the models it must have.
 *
 * @param url Where it is, such as http://ollama:11434; a host without dots is a Service of the
 *     monitor's namespace. Without user, password and parameters.
 * @param models The models that must be there, at most 50, such as llama3 or qwen2.5:7b; without a
 *     tag it is latest.
 * @param tls How the server's certificate is judged, for https://.
 */
@Wire
public record OllamaTarget(
    @Required
        @Pattern("^https?://[^\\s]+$") @Size(min = 8, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message = "a user or password does not belong into a URL, and Ollama knows none")
        @ValidationRule(
            value = "!self.matches('[?#]')",
            message = "an Ollama URL has no parameters; right would be http://ollama:11434")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "http://ollama:11434")
        String url,
    @Size(max = 50) @ListSet
        List<@Pattern("^[A-Za-z0-9][A-Za-z0-9._/:-]*$") @Size(min = 1, max = 256) String> models,
    @Nullable Tls tls)
    implements TargetKind {

  public OllamaTarget {
    models = List.copyOf(requireNonNullElse(models, List.of()));
  }

  @Override
  public Map<String, Unit> measurements() {
    return Map.of(
        "latency", Unit.Seconds,
        "models", Unit.Count,
        "loadedModels", Unit.Count,
        "vramBytes", Unit.Bytes,
        "certificateDays", Unit.Days);
  }
}
