package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which cluster it is is never guessed. */
class WhichClusterTest {
  @TempDir private Path home;

  @Test
  void whereNoneIsNamedThatIsSaidWithWhatToDo() {
    assertThatThrownBy(() -> new WhichCluster(Map.of("HOME", home.toString())).find())
        .isInstanceOf(CannotStart.class)
        .hasMessageContainingAll("no cluster is named", "KUBECONFIG", "heartbeat run");
  }

  @Test
  void aKubeconfigThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> find("/nope/config"))
        .isInstanceOf(CannotStart.class)
        .hasMessage("KUBECONFIG is /nope/config, and there is no such file");
  }

  @Test
  void whatIsNoKubeconfigIsNamedAndNothingOfItIsRepeated() throws Exception {
    var file = Files.writeString(home.resolve("config"), "users: [{user: {token: s3cret");
    assertThatThrownBy(() -> find(file.toString()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining(file + " is not a kubeconfig")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> find(home.toString()))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("is not a file that can be read");
  }

  private void find(String kubeconfig) throws CannotStart {
    var _ = new WhichCluster(Map.of("KUBECONFIG", kubeconfig)).find();
  }
}
