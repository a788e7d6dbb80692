package io.nexus.heartbeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static final AddressPolicy OPERATOR =
      AddressPolicy.operator(List.of(), AddressPolicy.Own.NOTHING);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.1.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "::1",
        "::",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "[::1]",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::169.254.169.254",
        "2002:a9fe:a9fe::1",
        "2002:7f00:1::",
        "2001:0:a9fe:a9fe::1",
        "2001:0:1:2:3:4:5601:5601",
        "fe80::5efe:7f00:1",
        "2a00::5efe:127.0.0.1",
        "2a00::200:5efe:7f00:1"
      })
  void theOperatorOpensNothingThatOnlyItCanReach(String host) {
    assertThat(OPERATOR.refusal(literal(host))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1", "192.168.1.1", "8.8.8.8", "fd00::1", "2a00::1", "64:ff9b::8.8.8.8"})
  void ordinaryAddressesAreOpened(String host) {
    assertThat(OPERATOR.refusal(literal(host))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "127.0.0.01",
        "0x7F.0.0.0x1",
        "127.0.0.256",
        "1.2.3.4.5",
        "::1%lo",
        "fe80::1%eth0",
        "１２７.0.0.1",
        ":::1",
        "12345::",
        "127。0。0。1"
      })
  void otherNotationsOfAddressesAreNeitherAddressesNorNames(String host) {
    try (var deadlines = new Deadlines();
        var deadline = deadlines.start(Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> TestNet.dialer(AddressPolicy.host()).resolve(host, deadline))
          .isInstanceOf(Dialer.Unresolvable.class);
    }
  }

  @Property
  void noNotationOfALoopbackAddressPasses(
      @ForAll @Size(3) List<@IntRange(max = 255) Integer> rest) {
    var dotted = "127." + rest.get(0) + "." + rest.get(1) + "." + rest.get(2);
    var hex = String.format("7f%02x:%02x%02x", rest.get(0), rest.get(1), rest.get(2));
    for (var form :
        List.of(
            dotted,
            "::ffff:" + dotted,
            "::" + dotted,
            "64:ff9b::" + dotted,
            "::ffff:0:" + dotted,
            "2002:" + hex + "::",
            "2001:0:" + hex + "::",
            "fd12::5efe:" + hex)) {
      assertThat(OPERATOR.refusal(literal(form))).as(form).isPresent();
    }
  }

  @Test
  void theRefusalSaysWhatAnAdministratorCanDo() {
    assertThat(OPERATOR.refusal(literal("127.0.0.1")))
        .hasValue(
            "127.0.0.1 is a loopback address, which the operator does not open; an administrator"
                + " can allow it with --allow-address 127.0.0.0/8");
  }

  @Test
  void whatTheAdministratorAllowsIsOpened() {
    var policy =
        AddressPolicy.operator(List.of(Cidr.parse("127.0.0.0/8")), AddressPolicy.Own.NOTHING);
    assertThat(policy.refusal(literal("127.0.0.1"))).isEmpty();
    assertThat(policy.refusal(literal("169.254.169.254"))).isPresent();
  }

  @Test
  void theClustersOwnMachinesAreRefusedByWhatTheyAre() {
    var policy =
        AddressPolicy.operator(
            List.of(),
            a -> a.equals(literal("10.0.0.9")) ? Optional.of("a node") : Optional.empty());
    assertThat(policy.refusal(literal("10.0.0.9")).orElseThrow()).contains("10.0.0.9 is a node");
    assertThat(policy.refusal(literal("64:ff9b::10.0.0.9"))).isPresent();
  }

  @Test
  void whileItIsNotKnownWhatIsTheClustersOwnOnlyWhatIsAllowedIsOpened() {
    var own =
        new AddressPolicy.Own() {
          @Override
          public Optional<String> what(InetAddress address) {
            return address.equals(literal("10.0.0.9")) ? Optional.of("a node") : Optional.empty();
          }

          @Override
          public Optional<String> pending() {
            return Optional.of("the Services are not known yet");
          }
        };
    var policy = AddressPolicy.operator(List.of(Cidr.parse("10.1.0.0/16")), own);
    assertThat(policy.refusal(literal("10.2.0.1")))
        .hasValue(
            "10.2.0.1 may be the cluster's own, and is not opened: the Services are not known yet");
    assertThat(policy.refusal(literal("10.0.0.9")).orElseThrow()).contains("10.0.0.9 is a node");
    assertThat(policy.refusal(literal("10.1.0.1"))).isEmpty();
  }

  @Test
  void onAHostOnlyMetadataAddressesAreRefused() {
    assertThat(AddressPolicy.host().refusal(literal("127.0.0.1"))).isEmpty();
    assertThat(AddressPolicy.host().refusal(literal("169.254.169.254"))).isPresent();
    assertThat(AddressPolicy.host().refusal(literal("64:ff9b::169.254.169.254"))).isPresent();
  }

  private static InetAddress literal(String text) {
    return Objects.requireNonNull(Literals.parse(text), text);
  }
}
