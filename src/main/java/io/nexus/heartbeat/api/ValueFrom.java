package io.nexus.heartbeat.api;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Where a value comes from that must not stand in the resource.
 *
 * @param secretKeyRef A key of a Secret in the monitor's namespace, which must carry the label
 *     heartbeat.nexus.io/secret=allowed.
 * @param env An environment variable of the process.
 * @param file A file.
 */
@Wire
@ExactlyOne({"secretKeyRef", "env", "file"})
public record ValueFrom(
    @Nullable SecretKeyRef secretKeyRef,
    @HostOnly @Nullable EnvironmentVariable env,
    @HostOnly @Nullable FileRef file) {

  public ValueFrom(SecretKeyRef secretKeyRef) {
    this(secretKeyRef, null, null);
  }

  public static ValueFrom env(String name) {
    return new ValueFrom(null, new EnvironmentVariable(name), null);
  }

  public static ValueFrom file(String path) {
    return new ValueFrom(null, null, new FileRef(path));
  }

  /** Where it is, in words; never the value. */
  @Override
  public String toString() {
    if (secretKeyRef != null) {
      return "Secret " + secretKeyRef.name() + ", key " + secretKeyRef.key();
    }
    return env != null
        ? "environment variable " + env.name()
        : "file " + (file == null ? "of no name" : file.path());
  }

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

  /**
   * An environment variable of the process.
   *
   * @param name The variable's name, such as DATABASE_URL.
   */
  @Wire
  public record EnvironmentVariable(
      @Required @Pattern("^[A-Za-z_][A-Za-z0-9_]*$") @Size(min = 1, max = 128) String name) {}

  /**
   * A file, read at each use.
   *
   * @param path Its whole path, such as /etc/heartbeat/token.
   */
  @Wire
  public record FileRef(
      @Required @Pattern("^/[^\\x00-\\x1f]+$") @Size(min = 2, max = 1024) String path) {}
}
