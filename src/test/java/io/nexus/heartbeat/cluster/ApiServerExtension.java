package io.nexus.heartbeat.cluster;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

final class ApiServerExtension implements ExecutionCondition, ParameterResolver {

  /** Kept in the root store, which closes it after the last test; also remembers a failure. */
  private record Launch(@Nullable ApiServer server, @Nullable String failure, boolean lacking)
      implements AutoCloseable {

    static Launch now(Cluster.Node node) {
      try {
        return new Launch(ApiServer.start(node), null, false);
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
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var launch = launch(context);
    return launch.lacking() && !Boolean.parseBoolean(System.getenv("CI"))
        ? ConditionEvaluationResult.disabled(
            (node(context) == Cluster.Node.REAL
                    ? "needs a real node; "
                    : "needs a real API server; ")
                + launch.failure())
        : ConditionEvaluationResult.enabled("");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ApiServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return launch(context).get();
  }

  private static Launch launch(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(ApiServerExtension.class))
        .computeIfAbsent(node(context), Launch::now, Launch.class);
  }

  private static Cluster.Node node(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), WithApiServer.class)
        .filter(WithApiServer::realNode)
        .map(_ -> Cluster.Node.REAL)
        .orElse(Cluster.Node.FAKE);
  }
}
