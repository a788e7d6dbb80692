package io.nexus.heartbeat.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.net.Literals;
import io.nexus.heartbeat.operator.OwnAddresses.Holder;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {
  private static final Holder NODE = new Holder("node a of this cluster", OwnAddresses.EVERYBODY);
  private static final Holder REDIS = new Holder("Service other/redis", "other");
  private static final Holder WEB = new Holder("Service shop/web", "shop");

  private final OwnAddresses addresses = new OwnAddresses();

  @Test
  void aServiceIsRefusedToMonitorsOfOtherNamespacesAndOpenToItsOwn() {
    addresses.hold(REDIS, of("10.96.0.7", "fd00:96::7"));
    assertThat(addresses.what(at("10.96.0.7"), "shop")).hasValue("Service other/redis");
    assertThat(addresses.what(at("fd00:96::7"), "shop")).hasValue("Service other/redis");
    assertThat(addresses.what(at("10.96.0.7"), "other")).isEmpty();
    assertThat(addresses.what(at("10.96.0.8"), "shop")).isEmpty();
  }

  @Test
  void aNodeIsRefusedToEverybody() {
    addresses.hold(NODE, of("192.168.7.1"));
    assertThat(addresses.what(at("192.168.7.1"), "shop")).hasValue("node a of this cluster");
  }

  @Test
  void aServiceOfOnesOwnDoesNotOpenAnAddressThatIsSomebodyElsesToo() {
    addresses.hold(WEB, of("192.168.7.1", "10.96.0.7"));
    addresses.hold(NODE, of("192.168.7.1"));
    addresses.hold(REDIS, of("10.96.0.7"));
    assertThat(addresses.what(at("192.168.7.1"), "shop")).hasValue("node a of this cluster");
    assertThat(addresses.what(at("10.96.0.7"), "shop")).hasValue("Service other/redis");
  }

  @Test
  void whatANodeIsIsSaidBeforeTheServiceInFrontOfIt() {
    addresses.hold(REDIS, of("192.168.7.1"));
    addresses.hold(NODE, of("192.168.7.1"));
    assertThat(addresses.what(at("192.168.7.1"), "shop")).hasValue("node a of this cluster");
  }

  @Test
  void whatItNoLongerHasIsOpenAgainAndWhatOthersStillHaveIsNot() {
    addresses.hold(REDIS, of("10.96.0.7", "203.0.113.5"));
    addresses.hold(NODE, of("203.0.113.5"));

    addresses.hold(REDIS, of("10.96.0.9"));
    assertThat(addresses.what(at("10.96.0.7"), "shop")).isEmpty();
    assertThat(addresses.what(at("10.96.0.9"), "shop")).isPresent();
    assertThat(addresses.what(at("203.0.113.5"), "shop")).hasValue("node a of this cluster");

    addresses.hold(REDIS, Set.of());
    assertThat(addresses.what(at("10.96.0.9"), "shop")).isEmpty();
  }

  private static Set<InetAddress> of(String... texts) {
    return Arrays.stream(texts).map(OwnAddressesTest::at).collect(Collectors.toSet());
  }

  private static InetAddress at(String text) {
    return Objects.requireNonNull(Literals.parse(text), text);
  }
}
