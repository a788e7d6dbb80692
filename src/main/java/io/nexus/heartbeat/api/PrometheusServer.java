package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus that is asked.
 *
 * @param url Where Prometheus, or what speaks as it does, is, such as http://prometheus:9090; a
 *     host without dots is a Service of the monitor's namespace. Without user, password and
 *     parameters.
 * @param tokenFrom A bearer token from a Secret.
 * @param tls How the server's certificate is judged, for https://.
 */
@Wire
public record PrometheusServer(
    @Required
        @Pattern("^https?://[^\\s]+$") @Size(min = 8, max = 1024)
        @ValidationRule(
            value = "!self.matches('^[a-z]+://[^/?#]*@')",
            message =
                "a password does not belong into a URL; put a token into a Secret and name it in"
                    + " tokenFrom")
        @ValidationRule(
            value = "!self.matches('[?#]')",
            message = "a Prometheus URL has no parameters; right would be http://prometheus:9090")
        @ValidationRule(
            value = Urls.HAS_HOST,
            message = Urls.HAS_HOST_MESSAGE + "http://prometheus:9090")
        String url,
    @Nullable ValueFrom tokenFrom,
    @Nullable Tls tls) {}
