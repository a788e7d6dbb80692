package io.nexus.heartbeat.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests a real API server, as a parameter of type {@link ApiServer} of the constructor, a
 * lifecycle method or a test. It is started once for all tests of the JVM, so each test works in a
 * namespace of its own. Where this machine cannot run one the tests are skipped with the reason;
 * with {@code CI=true} they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ApiServerExtension.class)
public @interface WithApiServer {

  /** With a node on which pods really run; root only. Else they become Ready, and that is all. */
  boolean realNode() default false;
}
