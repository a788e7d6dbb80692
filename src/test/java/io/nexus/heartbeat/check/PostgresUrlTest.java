package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.api.PostgresTarget.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
  @Test
  void everyPartIsRead() throws Exception {
    var url = PostgresUrl.parse("postgres://us%40er:p%3Aw+d@[::1]:6000/d%2Fb?sslmode=verify-ca");
    assertThat(url.host()).isEqualTo("::1");
    assertThat(url.port()).isEqualTo(6000);
    assertThat(url.user()).isEqualTo("us@er");
    assertThat(url.password()).isEqualTo("p:w+d");
    assertThat(url.database()).isEqualTo("d/b");
    assertThat(url.mode()).isEqualTo(SslMode.VerifyCA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:s3cr3t@h/d?socketFactory=x",
        "postgresql://u:s3cr3t@h/d?%73ocketFactory=x",
        "postgresql://u:s3cr3t@h/d?sslmode=require&loggerFile=/tmp/x",
        "postgresql://u:s3cr3t@h/d?options=-cstatement_timeout%3D0",
        "postgresql://u:s3cr3t@h/d?sslmode=verify-full&sslmode=disable",
        "postgresql://u:s3cr3t@h?host=other",
        "postgresql://u:s3cr3t@h%3FsocketFactory%3Dx/d",
        "postgresql://u:s3cr3t@a,b/d",
        "postgresql://u:s3cr3t@%2Fvar%2Frun/d",
        "postgresql:///d?host=/var/run",
        "postgresql://u:s3cr3t@h:99999/d",
        "postgresql://u:s3cr3t@h/d%00",
        "postgresql://u:s3cr3t?x@h/d",
        "postgresql://u:s3cr3t/x@h/d",
        "postgresql://u:s3cr3t#x@h/d",
        "postgresql://u:s3cr3t%zz@h/d",
        "jdbc:postgresql://h/d?password=s3cr3t"
      })
  void nothingIsSmuggledInAndThePasswordIsNotRepeated(String url) {
    assertThatThrownBy(() -> PostgresUrl.parse(url))
        .isInstanceOf(BadAddress.class)
        .message()
        .doesNotContain("s3cr3t");
  }

  @Test
  void aDatabaseNameIsOnlyAName() throws Exception {
    assertThat(PostgresUrl.parse("postgresql://u@h/d%3FsocketFactory=x").database())
        .isEqualTo("d?socketFactory=x");
  }
}
