package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.ValueFrom.SecretKeyRef;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSecretsTest {
  @TempDir private Path directory;

  @Test
  void aSecretIsAFileAndItsLineEndIsNotPartOfIt() throws Exception {
    Files.createDirectory(directory.resolve("redis"));
    Files.writeString(directory.resolve("redis").resolve("password"), "s3cret\n");
    var secrets = new FileSecrets(directory, null);
    assertThat(secrets.read(from("redis", "password"), "host").text()).isEqualTo("s3cret");
    Files.writeString(directory.resolve("redis").resolve("password"), "rotated");
    assertThat(secrets.read(from("redis", "password"), "host").text()).isEqualTo("rotated");
  }

  @Test
  void systemdsCredentialsAreReadToo() throws Exception {
    Files.writeString(directory.resolve("redis.password"), "s3cret");
    assertThat(new FileSecrets(null, directory).read(from("redis", "password"), "host").text())
        .isEqualTo("s3cret");
  }

  @Test
  void whatIsMissingIsSaidWithItsPlace() {
    assertThatThrownBy(() -> new FileSecrets(directory, null).read(from("redis", "password"), "h"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining(directory.resolve("redis").resolve("password").toString());
    assertThatThrownBy(() -> new FileSecrets(null, null).read(from("redis", "password"), "h"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("--secrets DIR");
  }

  @Test
  void aCredentialIsReadWhereTheFirstPlaceCannotBe() throws Exception {
    Files.createDirectories(directory.resolve("redis").resolve("password"));
    var credentials = Files.createDirectory(directory.resolve("credentials"));
    var secrets = new FileSecrets(directory, credentials);
    assertThatThrownBy(() -> secrets.read(from("redis", "password"), "h"))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining(directory.resolve("redis").resolve("password").toString())
        .hasMessageContaining("it is a directory");
    Files.writeString(credentials.resolve("redis.password"), "s3cret");
    assertThat(secrets.read(from("redis", "password"), "h").text()).isEqualTo("s3cret");
  }

  @Test
  void anEnvironmentVariableIsReadByItsName() throws Exception {
    var secrets = new FileSecrets(null, null, Map.of("TOKEN", "s3cret", "NOTHING", ""));
    assertThat(secrets.read(ValueFrom.env("TOKEN"), "h").text()).isEqualTo("s3cret");
    assertThatThrownBy(() -> secrets.read(ValueFrom.env("OTHER"), "h"))
        .hasMessage("environment variable OTHER is not set");
    assertThatThrownBy(() -> secrets.read(ValueFrom.env("NOTHING"), "h"))
        .hasMessage("environment variable NOTHING is empty");
  }

  @Test
  void aFileIsReadWhereItIsAtEachUse() throws Exception {
    var file = directory.resolve("token");
    var secrets = new FileSecrets(null, null);
    var from = ValueFrom.file(file.toString());
    assertThatThrownBy(() -> secrets.read(from, "h"))
        .hasMessage("cannot read " + file + ": there is no such file");
    Files.writeString(file, "s3cret\n");
    assertThat(secrets.read(from, "h").text()).isEqualTo("s3cret");
  }

  @Test
  void noNameLeadsOutOfTheDirectory() throws Exception {
    Files.writeString(directory.resolve("outside"), "not yours");
    var inside = Files.createDirectory(directory.resolve("inside"));
    assertThatThrownBy(() -> new FileSecrets(inside, null).read(from("..", "outside"), "h"))
        .isInstanceOf(SecretUnavailable.class);
    assertThatThrownBy(() -> new FileSecrets(inside, null).read(from("a", "../../outside"), "h"))
        .isInstanceOf(SecretUnavailable.class);
  }

  private static ValueFrom from(String name, String key) {
    return new ValueFrom(new SecretKeyRef(name, key));
  }
}
