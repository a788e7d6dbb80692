package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.api.DnsTarget.Type;
import io.nexus.heartbeat.net.AddressPolicy;
import io.nexus.heartbeat.net.Deadlines;
import io.nexus.heartbeat.net.Dialer;
import io.nexus.heartbeat.net.DnsServer;
import io.nexus.heartbeat.net.TestNet;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Secrets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

class DnsCheckTest {
  private static final Clients CLIENTS = Clients.create();
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @Test
  void aNameWithRecordsIsUpWithHowManyAndForHowLong() throws Exception {
    try (var dns = answering("10.0.0.5", "10.0.0.6")) {
      var up = (Reading.Up) named(dns, Type.A);
      assertThat(up.measurements().numbers())
          .containsEntry("answers", 2.0)
          .containsEntry("ttl", 60.0)
          .containsKey("latency");
      assertThat(dns.questions()).containsExactly("nexus.test. A");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A     | 10.0.0.5                             | 10.0.0.5",
        "AAAA  | fd00::5                              | FD00:0:0::5",
        "CNAME | Web.nexus.test.                      | web.nexus.test",
        "MX    | 10 mail.nexus.test.                  | 10 mail.nexus.test",
        "NS    | ns1.nexus.test.                      | NS1.nexus.test.",
        "PTR   | host.nexus.test.                     | host.nexus.test",
        "SRV   | 0 5 5060 sip.nexus.test.             | 0 5 5060 sip.nexus.test",
        "TXT   | \"v=spf1 include:a \" \"-all\"       | v=spf1 include:a -all",
        "CAA   | 0 issue \"letsencrypt.org\"          | 0 issue \"letsencrypt.org\"",
      })
  void aValueIsFoundAsAPersonWritesIt(Type type, String there, String expected) throws Exception {
    try (var dns = answering(there)) {
      assertThat(HttpProbing.words(named(dns, type, expected))).isEqualTo("Up");
      assertThat(HttpProbing.words(named(dns, type, "other.test"))).startsWith("Down: other.test");
    }
  }

  @Test
  void missingValuesAreDegradedAndAllOfThemMissingIsCritical() throws Exception {
    try (var dns = answering("10.0.0.5", "10.0.0.6")) {
      assertThat(HttpProbing.words(named(dns, Type.A, "10.0.0.6"))).isEqualTo("Up");
      assertThat(HttpProbing.words(named(dns, Type.A, "10.0.0.5", "10.0.0.7")))
          .isEqualTo("Impaired: 10.0.0.7 is missing; nexus.test has 10.0.0.5, 10.0.0.6");
      assertThat(HttpProbing.words(named(dns, Type.A, "10.0.0.8", "10.0.0.7")))
          .isEqualTo("Down: 10.0.0.8, 10.0.0.7 are missing; nexus.test has 10.0.0.5, 10.0.0.6");
    }
  }

  @Test
  void aNameThatDoesNotExistOrHasNoSuchRecordIsDown() throws Exception {
    try (var none = failing(Rcode.NXDOMAIN);
        var other = new DnsServer((q, _) -> DnsServer.records(q, 60, "fd00::5"))) {
      assertThat(HttpProbing.words(named(none, Type.MX)))
          .isEqualTo("Down: no such name: nexus.test");
      assertThat(HttpProbing.words(own(none))).isEqualTo("Down: no such name: nexus.test");
      assertThat(HttpProbing.words(named(other, Type.A)))
          .isEqualTo("Down: nexus.test has no A record");
      assertThat(HttpProbing.words(own(other))).isEqualTo("Down: nexus.test has no A record");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, failed (SERVFAIL)",
    "5, refused to answer us (REFUSED)",
    "4, failed (NOTIMP)",
  })
  void aServerThatFailsIsDownWhenItIsWatchedAndElseUnknown(int rcode, String did) throws Exception {
    try (var dns = failing(rcode)) {
      assertThat(HttpProbing.words(named(dns, Type.A))).isEqualTo("Down: the DNS server " + did);
      assertThat(HttpProbing.words(own(dns)))
          .isEqualTo(
              "Unknown: cannot resolve nexus.test: the DNS server " + did + "; asked 127.0.0.1");
    }
  }

  @Test
  void aServerThatIsMuteIsDownInTimeWhenItIsWatchedAndElseUnknown() throws Exception {
    var timeout = Duration.ofMillis(500);
    try (var mute = new DnsServer((_, _) -> null)) {
      var begun = System.nanoTime();
      assertThat(HttpProbing.words(read(target(mute, Type.A), TestNet.loopback(), timeout)))
          .isEqualTo("Down: timed out after 500 ms");
      assertThat(HttpProbing.words(read(target(), TestNet.asking(mute.address()), timeout)))
          .isEqualTo(
              "Unknown: cannot resolve nexus.test: the DNS server did not answer; asked 127.0.0.1");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void aServerThatIsGoneIsDown() throws Exception {
    var gone = answering("10.0.0.5");
    gone.close();
    assertThat(HttpProbing.words(named(gone, Type.A)))
        .isEqualTo("Down: the DNS server refused the connection");
  }

  @Test
  void aLostPacketIsSentAgain() throws Exception {
    var asked = new AtomicInteger();
    try (var dns =
        new DnsServer(
            (q, _) -> asked.incrementAndGet() == 1 ? null : DnsServer.of(q, 60, "10.0.0.5"))) {
      assertThat(HttpProbing.words(read(target(dns, Type.A), TestNet.loopback(), seconds(2))))
          .isEqualTo("Up");
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void theNextServerIsAskedWhenOneFails() throws Exception {
    try (var failing = failing(Rcode.SERVFAIL);
        var dns = answering("10.0.0.5")) {
      var dialer = TestNet.asking(failing.address(), dns.address());
      assertThat(HttpProbing.words(read(target(), dialer, PATIENT))).isEqualTo("Up");
    }
  }

  @Test
  void nothingIsRememberedFromOneCheckToTheNext() throws Exception {
    try (var dns = answering("10.0.0.5")) {
      own(dns);
      own(dns);
      assertThat(dns.questions()).hasSize(2);
    }
  }

  @Test
  void whatIsTruncatedIsAskedForAgainOverTcp() throws Exception {
    try (var dns = new DnsServer((q, tcp) -> tcp ? DnsServer.of(q, 60, "10.0.0.5") : cut(q))) {
      assertThat(HttpProbing.words(named(dns, Type.A, "10.0.0.5"))).isEqualTo("Up");
    }
  }

  @Test
  void aServerThatMayNotBeOpenedIsUnknown() throws Exception {
    try (var dns = answering("10.0.0.5")) {
      var strict = TestNet.dialer(AddressPolicy.operator(List.of(), AddressPolicy.Own.NOTHING));
      assertThat(HttpProbing.words(read(target(dns, Type.A), strict, PATIENT)))
          .startsWith("Unknown: 127.0.0.1 is a loopback address");
      assertThat(dns.questions()).isEmpty();
    }
  }

  static List<Arguments> hostile() {
    return List.of(
        hostile("another id", (q, _) -> with(DnsServer.of(q, 1, "10.0.0.5"), 0, 0x77)),
        hostile("another name", (q, _) -> with(DnsServer.of(q, 1, "10.0.0.5"), 14, 'X')),
        hostile("garbage", (q, _) -> new byte[] {1, 2, 3}),
        hostile("nothing", (q, _) -> new byte[0]),
        hostile("a head alone", (q, _) -> java.util.Arrays.copyOf(q.toWire(), 12)),
        hostile("cut short", (q, _) -> java.util.Arrays.copyOf(DnsServer.of(q, 1, "10.0.0.5"), 40)),
        hostile("a name that is its own end", (q, _) -> loop(DnsServer.of(q, 1, "10.0.0.5"))),
        hostile("truncated for ever", (q, _) -> with(DnsServer.of(q, 1, "10.0.0.5"), 2, 0x82)),
        hostile("truncated, and gone over TCP", (q, tcp) -> tcp ? null : cut(q)),
        hostile("truncated, and mute over TCP", (q, tcp) -> tcp ? mute() : cut(q)),
        hostile("its own question", (q, _) -> q.toWire()));
  }

  private static Arguments hostile(String name, DnsServer.Answers answers) {
    return Arguments.of(name, answers);
  }

  private static byte[] cut(Message query) {
    var cut = DnsServer.answer(query, Rcode.NOERROR);
    cut.getHeader().setFlag(Flags.TC);
    return cut.toWire();
  }

  /** Until the process ends: its server waits in a virtual thread. */
  private static byte[] mute() throws InterruptedException {
    new CountDownLatch(1).await();
    return new byte[0];
  }

  private static byte[] with(byte[] answer, int at, int value) {
    answer[at] = (byte) value;
    return answer;
  }

  /** The owner of the first record becomes a pointer to itself. */
  private static byte[] loop(byte[] answer) {
    var at = 12 + "_nexus_test_".length() + 4;
    answer[at] = (byte) 0xc0;
    answer[at + 1] = (byte) at;
    return answer;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void whateverIsAnsweredItEndsInTimeWithWords(String name, DnsServer.Answers answers)
      throws Exception {
    var timeout = Duration.ofSeconds(1);
    try (var dns = new DnsServer(answers)) {
      for (var own : List.of(false, true)) {
        var dialer = own ? TestNet.asking(dns.address()) : TestNet.loopback();
        var begun = System.nanoTime();
        var reading = read(own ? target() : target(dns, Type.A), dialer, timeout);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(timeout.plusSeconds(1));
        assertThat(reading).isInstanceOf(own ? Reading.Unknown.class : Reading.Down.class);
        assertThat(HttpProbing.words(reading)).hasSizeLessThan(300).doesNotContain("Exception");
      }
    }
  }

  private static DnsServer answering(String... values) throws Exception {
    return new DnsServer((q, _) -> DnsServer.of(q, 60, values));
  }

  private static DnsServer failing(int rcode) throws Exception {
    return new DnsServer((q, _) -> DnsServer.failure(q, rcode));
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static DnsTarget target(DnsServer dns, Type type, String... expect) {
    return new DnsTarget("nexus.test", type, "127.0.0.1", dns.address().getPort(), List.of(expect));
  }

  private static DnsTarget target() {
    return new DnsTarget("nexus.test", Type.A, null, 53, List.of());
  }

  private static Reading named(DnsServer dns, Type type, String... expect) throws Exception {
    return read(target(dns, type, expect), TestNet.loopback(), PATIENT);
  }

  private static Reading own(DnsServer dns) throws Exception {
    return read(target(), TestNet.asking(dns.address()), PATIENT);
  }

  private static Reading read(DnsTarget target, Dialer dialer, Duration timeout) throws Exception {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(timeout)) {
      return DnsCheck.of(target, new Surroundings(dialer, Secrets.NONE, Endpoints.NONE, CLIENTS))
          .run(deadline);
    }
  }
}
