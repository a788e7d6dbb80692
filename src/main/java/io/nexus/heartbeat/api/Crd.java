package io.nexus.heartbeat.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The CustomResourceDefinition, as it travels in the jar. */
public final class Crd {
  private static final String RESOURCE = "/crds/heartbeatmonitors.heartbeat.nexus.io-v1.yml";

  private Crd() {}

  /** Its YAML. */
  public static String text() {
    try (var in = Crd.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its CRD, " + RESOURCE);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
