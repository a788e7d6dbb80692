package io.nexus.heartbeat.cluster;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

final class ApiServerExtension implements BeforeAllCallback, ParameterResolver {

  /** Kept in the root store, which closes it after the last test; also remembers a failure. */
  private record Launch(@Nullable ApiServer server, @Nullable String failure, boolean lacking)
      implements AutoCloseable {

    static Launch now() {
      try {
        return new Launch(ApiServer.start(), null, false);
      } catch (Cluster.LackingException e) {
        return new Launch(null, e.getMessage(), true);
      } catch (RuntimeException e) {
        return new Launch(null, e.getMessage(), false);
      }
    }

    ApiServer get() {
      if (server != null) {
        return server;
      }
      if (lacking && !Boolean.parseBoolean(System.getenv("CI"))) {
        throw new TestAbortedException("skipped, this needs a real API server: " + failure);
      }
      throw new IllegalStateException("no API server: " + failure);
    }

    @Override
    public void close() {
      if (server != null) {
        server.close();
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ApiServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }

  private static ApiServer server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(ApiServerExtension.class))
        .computeIfAbsent("launch", key -> Launch.now(), Launch.class)
        .get();
  }
}
