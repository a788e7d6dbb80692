package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.Dns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnGroundTest {
  private final AtomicInteger asked = new AtomicInteger();

  /** A way to DNS on which each question ends so. */
  private record Way(IOException end) implements Dialer {
    @Override
    public Socket connect(String host, int port, Deadline deadline) {
      throw new AssertionError("nothing is opened");
    }

    @Override
    public List<InetAddress> resolve(String host, Deadline deadline) throws IOException {
      throw end;
    }

    @Override
    public Dns.Answer ask(Dns.Question question, Deadline deadline) {
      throw new AssertionError("the name is resolved, as a check's would be");
    }
  }

  private Optional<String> answers() {
    asked.incrementAndGet();
    return Optional.empty();
  }

  @Test
  void aNameThatDoesNotExistIsAnAnswerAndOneThatIsRefusedToo() throws Exception {
    assertThat(new OwnGround(this::answers, new Way(new Dialer.NoSuchHost("x"))).trouble())
        .isEmpty();
    assertThat(new OwnGround(this::answers, new Way(new Dialer.AddressRefused("x"))).trouble())
        .isEmpty();
  }

  @Test
  void aResolverThatFailsIsOursAndIsAskedOnceForAll() throws Exception {
    var ground =
        new OwnGround(
            this::answers,
            new Way(new Dialer.Unresolvable("no DNS server answers", new IOException("timeout"))));
    for (var i = 0; i < 10; i++) {
      assertThat(ground.trouble()).contains("DNS does not answer: no DNS server answers");
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void anApiServerThatIsSilentIsSaidFirst() throws Exception {
    var ground =
        new OwnGround(
            () -> Optional.of("the API server does not answer"),
            new Way(new Dialer.Unresolvable("mute", new IOException("timeout"))));
    assertThat(ground.trouble()).contains("the API server does not answer");
  }
}
