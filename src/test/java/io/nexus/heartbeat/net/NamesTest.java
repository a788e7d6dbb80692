package io.nexus.heartbeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;

class NamesTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private final Deadlines deadlines = new Deadlines();

  @AfterEach
  void stop() {
    deadlines.close();
  }

  @Test
  void addressesOfBothFamiliesAreFoundTheOlderFirst() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.records(q, 60, "fd00::5", "10.0.0.5"))) {
      assertThat(resolve("gateway.test", dns)).containsExactly(at("10.0.0.5"), at("fd00::5"));
    }
  }

  @Test
  void aNameThatDoesNotExistIsNoSuchHost() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.failure(q, Rcode.NXDOMAIN))) {
      assertThatThrownBy(() -> resolve("gateway.test", dns))
          .isInstanceOf(Dialer.NoSuchHost.class)
          .hasMessage("no such host: gateway.test");
    }
  }

  @Test
  void aNameWithoutAddressesIsNoSuchHost() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.records(q, 60))) {
      assertThatThrownBy(() -> resolve("gateway.test", dns)).isInstanceOf(Dialer.NoSuchHost.class);
    }
  }

  @Test
  void aServerThatFailsIsOurFaultAndNamed() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.failure(q, Rcode.SERVFAIL))) {
      unresolvable(dns, "failed (SERVFAIL)");
    }
  }

  @Test
  void aServerThatRefusesIsOurFaultAndNamed() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.failure(q, Rcode.REFUSED))) {
      unresolvable(dns, "refused to answer us (REFUSED)");
    }
  }

  @Test
  void anAnswerThatIsNoneIsOurFaultAndNamed() throws Exception {
    try (var dns =
        new DnsServer(
            (q, _) -> {
              var id = q.getHeader().getID();
              return new byte[] {(byte) (id >> 8), (byte) id, (byte) 0x81, (byte) 0x80, 0, 9};
            })) {
      unresolvable(dns, "answered something that is not DNS");
    }
  }

  @Test
  void aSilentServerEndsWithTheDeadline() throws Exception {
    try (var dns = new DnsServer((_, _) -> null)) {
      var begun = System.nanoTime();
      assertThatThrownBy(() -> resolve("gateway.test", Duration.ofMillis(300), dns))
          .isInstanceOf(Dialer.Unresolvable.class)
          .hasMessageContaining("the DNS server did not answer; asked 127.0.0.1");
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(299), Duration.ofSeconds(2));
    }
  }

  @Test
  void aSilentServerIsPassedOverForTheNext() throws Exception {
    try (var silent = new DnsServer((_, _) -> null);
        var dns = new DnsServer((q, _) -> DnsServer.records(q, 60, "10.0.0.5"))) {
      assertThat(resolve("gateway.test", PATIENT, silent, dns)).containsExactly(at("10.0.0.5"));
    }
  }

  @Test
  void halfAnAnswerConnectsButDoesNotProveThatThereIsNoName() throws Exception {
    try (var four =
            new DnsServer(
                (q, _) ->
                    q.getQuestion().getType() == org.xbill.DNS.Type.A
                        ? DnsServer.records(q, 60, "10.0.0.5")
                        : DnsServer.failure(q, Rcode.SERVFAIL));
        var none =
            new DnsServer(
                (q, _) ->
                    q.getQuestion().getType() == org.xbill.DNS.Type.A
                        ? DnsServer.records(q, 60)
                        : DnsServer.failure(q, Rcode.SERVFAIL))) {
      assertThat(resolve("gateway.test", four)).containsExactly(at("10.0.0.5"));
      assertThatThrownBy(() -> resolve("gateway.test", none))
          .isInstanceOf(Dialer.Unresolvable.class);
    }
  }

  @Test
  void anAnswerTooLongForADatagramIsAskedForAgainOverTcp() throws Exception {
    try (var dns =
        new DnsServer(
            (q, tcp) -> {
              if (tcp) {
                return DnsServer.records(q, 60, "10.0.0.5");
              }
              var cut = DnsServer.answer(q, Rcode.NOERROR);
              cut.getHeader().setFlag(Flags.TC);
              return cut.toWire();
            })) {
      assertThat(resolve("gateway.test", dns)).containsExactly(at("10.0.0.5"));
    }
  }

  @Test
  void anAnswerIsKeptForItsTimeAndNoLonger() throws Exception {
    try (var dns =
        new DnsServer(
            (q, _) ->
                DnsServer.records(
                    q,
                    q.getQuestion().getName().toString().startsWith("long") ? 60 : 1,
                    "10.0.0.5"))) {
      var dialer = dialer(names(dns), Scope.searching(List.of(), 1));
      resolve(dialer, "long.test", PATIENT);
      resolve(dialer, "long.test", PATIENT);
      assertThat(dns.questions()).containsExactlyInAnyOrder("long.test. A", "long.test. AAAA");
      Awaitility.await()
          .atMost(PATIENT)
          .until(
              () -> {
                resolve(dialer, "short.test", PATIENT);
                return dns.questions().stream().filter("short.test. A"::equals).count() > 1;
              });
    }
  }

  @Test
  void checksThatRunTogetherAskOnce() throws Exception {
    var waiting = new AtomicInteger();
    try (var dns =
            new DnsServer(
                (q, _) -> {
                  Awaitility.await().atMost(PATIENT).until(() -> waiting.get() == 20);
                  return DnsServer.records(q, 60, "10.0.0.5");
                });
        var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var dialer = dialer(names(dns), Scope.searching(List.of(), 1));
      var running = new java.util.ArrayList<java.util.concurrent.Future<List<InetAddress>>>();
      for (var i = 0; i < 20; i++) {
        running.add(
            threads.submit(
                () -> {
                  waiting.incrementAndGet();
                  return resolve(dialer, "gateway.test", PATIENT);
                }));
      }
      for (var one : running) {
        assertThat(one.get()).containsExactly(at("10.0.0.5"));
      }
      assertThat(dns.questions().stream().distinct()).hasSize(2);
    }
  }

  @Test
  void aLookupThatCannotEvenBeginIsOursAndIsTriedAgainTheNextTime() throws Exception {
    var dialer = dialer(names(), Scope.searching(List.of(), 1));
    for (var i = 0; i < 2; i++) {
      assertThatThrownBy(() -> resolve(dialer, "gateway.test", PATIENT))
          .isInstanceOf(Dialer.Unresolvable.class)
          .hasMessage(
              "cannot resolve gateway.test: the DNS server did not answer; none is configured");
    }
  }

  @Test
  void theHostsFileComesFirst() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.failure(q, Rcode.SERVFAIL))) {
      var hosts = Files.writeString(directory.resolve("hosts"), "10.0.0.7 gateway.test gateway\n");
      var dialer =
          dialer(new Names(() -> List.of(dns.address()), hosts), Scope.searching(List.of(), 1));
      assertThat(resolve(dialer, "gateway.test", PATIENT)).containsExactly(at("10.0.0.7"));
      assertThat(resolve(dialer, "gateway", PATIENT)).containsExactly(at("10.0.0.7"));
    }
  }

  @Test
  void aServiceIsSoughtInItsMonitorsNamespaceAndNowhereElse() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.failure(q, Rcode.NXDOMAIN))) {
      var dialer = dialer(names(dns), Scope.namespace("shop", "cluster.local"));
      assertThatThrownBy(() -> resolve(dialer, "gateway", PATIENT))
          .isInstanceOf(Dialer.NoSuchHost.class)
          .hasMessage("no such host: gateway");
      // A quick answer to the first question answers the second.
      assertThat(dns.questions())
          .isNotEmpty()
          .allSatisfy(q -> assertThat(q).startsWith("gateway.shop.svc.cluster.local. A"));
    }
  }

  @Test
  void otherServersAreAskedFromThenOnAndWhatTheFormerSaidIsForgotten() throws Exception {
    try (var former = new DnsServer((q, _) -> DnsServer.records(q, 60, "10.0.0.5"));
        var latter = new DnsServer((q, _) -> DnsServer.records(q, 60, "10.0.0.6"))) {
      var servers = new AtomicReference<>(List.of(former.address()));
      var names = new Names(servers::get, directory.resolve("none"));
      var dialer = dialer(names, Scope.searching(List.of(), 1));
      assertThat(resolve(dialer, "gateway.test", PATIENT)).containsExactly(at("10.0.0.5"));
      servers.set(List.of(latter.address()));
      assertThat(resolve(dialer, "gateway.test", PATIENT)).containsExactly(at("10.0.0.6"));
    }
  }

  @Test
  void aSearchPathIsFollowedInItsOrder() throws Exception {
    try (var dns =
        new DnsServer(
            (q, _) ->
                q.getQuestion().getName().toString().equals("db.b.test.")
                    ? DnsServer.records(q, 60, "10.0.0.5")
                    : DnsServer.failure(q, Rcode.NXDOMAIN))) {
      var dialer = dialer(names(dns), Scope.searching(List.of("a.test.", "b.test."), 1));
      assertThat(resolve(dialer, "db", PATIENT)).containsExactly(at("10.0.0.5"));
      assertThat(dns.questions().stream().filter(q -> q.endsWith(" A")))
          .containsExactly("db.a.test. A", "db.b.test. A");
    }
  }

  @Test
  void aNameThatLeadsToAnAddressThatIsRefusedIsNotOpened() throws Exception {
    try (var dns = new DnsServer((q, _) -> DnsServer.records(q, 60, "169.254.169.254"))) {
      assertThatThrownBy(() -> resolve("rebound.test", dns))
          .isInstanceOf(Dialer.AddressRefused.class);
    }
  }

  @Test
  void aNameOfAServiceElsewhereIsRefusedByWhatItsAddressIs() throws Exception {
    try (var dns =
        new DnsServer(
            (q, _) ->
                q.getQuestion().getName().toString().equals("redis.other.svc.cluster.local.")
                    ? DnsServer.records(q, 60, "10.96.0.7")
                    : DnsServer.failure(q, Rcode.NXDOMAIN))) {
      var policy =
          AddressPolicy.operator(
              List.of(),
              address ->
                  address.equals(at("10.96.0.7"))
                      ? Optional.of("Service other/redis")
                      : Optional.empty());
      var dialer = new VettedDialer(names(dns), Scope.namespace("shop", "cluster.local"), policy);
      for (var host : List.of("redis.other", "redis.other.svc", "redis.other.svc.cluster.local")) {
        assertThatThrownBy(() -> resolve(dialer, host, PATIENT))
            .isInstanceOf(Dialer.AddressRefused.class)
            .hasMessage(
                "10.96.0.7 is Service other/redis, which the operator does not open; an"
                    + " administrator can allow it with --allow-address 10.96.0.7/32");
      }
    }
  }

  private void unresolvable(DnsServer dns, String words) {
    assertThatThrownBy(() -> resolve("gateway.test", Duration.ofSeconds(10), dns))
        .isInstanceOf(Dialer.Unresolvable.class)
        .hasMessage("cannot resolve gateway.test: the DNS server " + words + "; asked 127.0.0.1");
  }

  private List<InetAddress> resolve(String host, DnsServer... dns) throws IOException {
    return resolve(host, PATIENT, dns);
  }

  private List<InetAddress> resolve(String host, Duration within, DnsServer... dns)
      throws IOException {
    return resolve(dialer(names(dns), Scope.searching(List.of(), 1)), host, within);
  }

  private List<InetAddress> resolve(Dialer dialer, String host, Duration within)
      throws IOException {
    try (var deadline = deadlines.start(within)) {
      return dialer.resolve(host, deadline);
    }
  }

  private Names names(DnsServer... dns) {
    var addresses = java.util.Arrays.stream(dns).map(DnsServer::address).toList();
    return new Names(() -> addresses, directory.resolve("none"));
  }

  private static Dialer dialer(Names names, Scope scope) {
    return new VettedDialer(names, scope, AddressPolicy.host());
  }

  private static InetAddress at(String literal) {
    var address = Literals.parse(literal);
    assertThat(address).isNotNull();
    return address;
  }
}
