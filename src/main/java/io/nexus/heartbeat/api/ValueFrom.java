package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Where a value comes from that must not stand in the resource.
 *
 * @param secretKeyRef A key of a Secret in the monitor's namespace, which must carry the label
 *     heartbeat.nexus.io/secret=allowed.
 */
@Wire
public record ValueFrom(@Required SecretKeyRef secretKeyRef) {

  /**
   * A key of a Secret in the monitor's namespace.
   *
   * @param name The Secret's name.
   * @param key The key in it.
   */
  @Wire
  public record SecretKeyRef(
      @Required @ObjectName String name,
      @Required @Pattern("^[-._a-zA-Z0-9]+$") @Size(min = 1, max = 253) String key) {}
}
