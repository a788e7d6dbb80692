package io.nexus.heartbeat.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A way into the network for tests: everything on loopback may be opened, no DNS. */
public final class TestNet {
  private TestNet() {}

  public static Dialer loopback() {
    return dialer(AddressPolicy.host());
  }

  /** Everything may be opened, and these are asked for names. */
  public static Dialer asking(InetSocketAddress... servers) {
    return new VettedDialer(
        new Names(() -> List.of(servers), Path.of("/nonexistent")),
        Scope.searching(List.of(), 1),
        AddressPolicy.host());
  }

  public static Dialer dialer(AddressPolicy policy) {
    return new VettedDialer(
        new Names(() -> List.of(new InetSocketAddress("127.0.0.1", 9)), Path.of("/nonexistent")),
        Scope.searching(List.of(), 1),
        policy);
  }
}
