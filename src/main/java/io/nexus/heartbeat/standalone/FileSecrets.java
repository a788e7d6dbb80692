package io.nexus.heartbeat.standalone;

import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.secret.SecretUnavailable;
import io.nexus.heartbeat.secret.SecretValue;
import io.nexus.heartbeat.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Secrets as files: {@code <directory>/<name>/<key>}, and systemd's credentials as {@code
 * <name>.<key>} (systemd.exec(5), LoadCredential), or where the monitor says. Read at each use, so
 * that rotation works.
 */
public final class FileSecrets implements Secrets {
  private static final int LARGEST = 1 << 20; // as a Kubernetes Secret

  private final @Nullable Path directory;
  private final @Nullable Path credentials;
  private final Map<String, String> environment;

  /**
   * @param credentials systemd's {@code $CREDENTIALS_DIRECTORY}
   */
  public FileSecrets(@Nullable Path directory, @Nullable Path credentials) {
    this(directory, credentials, System.getenv());
  }

  public FileSecrets(
      @Nullable Path directory, @Nullable Path credentials, Map<String, String> environment) {
    this.directory = directory;
    this.credentials = credentials;
    this.environment = environment;
  }

  @Override
  public SecretValue read(ValueFrom from, String host) throws SecretUnavailable {
    if (from.env() != null) {
      return variable(from.env().name());
    }
    if (from.file() != null) {
      return file(Path.of(from.file().path()));
    }
    if (from.secretKeyRef() == null) {
      throw new SecretUnavailable("a …From must say where: secretKeyRef, env or file");
    }
    return secret(from.secretKeyRef());
  }

  /** The file that is read for it; null for what is in no file, or in none that can be read. */
  @Nullable Path place(ValueFrom from) {
    if (from.file() != null) {
      return Path.of(from.file().path());
    }
    var ref = from.secretKeyRef();
    return ref == null
        ? null
        : places(ref.name(), ref.key()).stream().filter(Files::isReadable).findFirst().orElse(null);
  }

  private SecretValue variable(String name) throws SecretUnavailable {
    var value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new SecretUnavailable(
          "environment variable " + name + " is " + (value == null ? "not set" : "empty"));
    }
    return SecretValue.of(value);
  }

  private static SecretValue file(Path path) throws SecretUnavailable {
    try {
      return contents(path);
    } catch (IOException e) {
      throw new SecretUnavailable("cannot read " + path + ": " + FileFault.of(path, e));
    }
  }

  private static SecretValue contents(Path path) throws IOException, SecretUnavailable {
    if (Files.size(path) > LARGEST) {
      throw new SecretUnavailable(path + " is larger than 1 MiB; that is no secret");
    }
    return new SecretValue(Files.readAllBytes(path));
  }

  private SecretValue secret(SecretKeyRef ref) throws SecretUnavailable {
    var places = places(ref.name(), ref.key());
    if (places.isEmpty()) {
      throw new SecretUnavailable(
          "Secret %s, key %s: no place to look; give a directory with --secrets DIR, which has it as DIR/%s/%s"
              .formatted(ref.name(), ref.key(), ref.name(), ref.key()));
    }
    var faults = new ArrayList<String>();
    for (var place : places) {
      try {
        return contents(place);
      } catch (NoSuchFileException _) {
        continue;
      } catch (IOException e) {
        // It may be there for root alone, who hands it over as a credential: the next place.
        faults.add("cannot read " + place + ": " + FileFault.of(place, e));
      }
    }
    throw new SecretUnavailable(
        faults.isEmpty()
            ? "Secret %s, key %s: there is no file %s"
                .formatted(ref.name(), ref.key(), places.getFirst())
            : String.join("; ", faults));
  }

  private List<Path> places(String name, String key) {
    var places = new ArrayList<Path>();
    if (directory != null && isPlain(name) && isPlain(key)) {
      places.add(directory.resolve(name).resolve(key));
    }
    if (credentials != null && isPlain(name) && isPlain(key)) {
      places.add(credentials.resolve(name + "." + key));
    }
    return places;
  }

  private static boolean isPlain(String part) {
    return !part.isEmpty() && !part.contains("/") && !part.equals("..") && !part.equals(".");
  }
}
