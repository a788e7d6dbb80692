package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class CrdTest {

  @Test
  void theCommittedCrdIsTheGeneratedOne() throws IOException {
    var generated = CrdSource.generate();
    if (Boolean.getBoolean("crd.write")) {
      Files.createDirectories(CrdSource.FILE.getParent());
      Files.writeString(CrdSource.FILE, generated);
    }
    assertThat(CrdSource.FILE)
        .as("the records changed; rewrite the CRD with: mvn test -Dtest=CrdTest -Dcrd.write=true")
        .exists()
        .content()
        .isEqualTo(generated);
  }
}
