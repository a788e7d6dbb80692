package io.nexus.heartbeat.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which addresses may be opened; judged after resolution, for every address that is opened. */
public final class AddressPolicy {

  /**
   * What is the installation's own. Asked for every address that is opened, so it answers from
   * memory.
   */
  @FunctionalInterface
  public interface Own {
    Own NOTHING = _ -> Optional.empty();

    /** Such as "node worker-1 of this cluster"; empty: not its own, as far as is known. */
    Optional<String> what(InetAddress address);

    /** Why that is not known yet; empty once it is. */
    default Optional<String> pending() {
      return Optional.empty();
    }
  }

  /**
   * Where clouds hand credentials or configuration to whoever asks from inside: AWS, GCP, Azure,
   * Oracle, OpenStack, DigitalOcean, Hetzner (169.254.169.254); ECS and EKS pod identity
   * (169.254.170.2, .23); Tencent (169.254.0.23); Scaleway (169.254.42.42, fd00:42::42); AWS IPv6
   * (fd00:ec2::254, ::23); GCP IPv6 (fd20:ce::254); Alibaba (100.100.100.200); Azure's wire server
   * (168.63.129.16); Oracle classic (192.0.0.192).
   */
  private static final Set<InetAddress> METADATA =
      Set.of(
          literal("169.254.169.254"),
          literal("169.254.170.2"),
          literal("169.254.170.23"),
          literal("169.254.0.23"),
          literal("169.254.42.42"),
          literal("fd00:42::42"),
          literal("fd00:ec2::254"),
          literal("fd00:ec2::23"),
          literal("fd20:ce::254"),
          literal("100.100.100.200"),
          literal("168.63.129.16"),
          literal("192.0.0.192"));

  private static final Cidr THIS_NETWORK = Cidr.parse("0.0.0.0/8");
  private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");
  private static final InetAddress BROADCAST = literal("255.255.255.255");
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96"); // RFC 6052
  private static final Cidr NAT64_LOCAL = Cidr.parse("64:ff9b:1::/48"); // RFC 8215
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16"); // RFC 3056
  private static final Cidr TEREDO = Cidr.parse("2001::/32"); // RFC 4380
  private static final Cidr COMPATIBLE = Cidr.parse("::/96"); // RFC 4291, deprecated
  private static final Cidr TRANSLATED = Cidr.parse("::ffff:0:0:0/96"); // RFC 2765

  private final boolean strict;
  private final List<Cidr> allowed;
  private final Own own;

  private AddressPolicy(boolean strict, List<Cidr> allowed, Own own) {
    this.strict = strict;
    this.allowed = List.copyOf(allowed);
    this.own = own;
  }

  /** Who writes monitors is not who runs the operator: nothing that only the operator can reach. */
  public static AddressPolicy operator(List<Cidr> allowed, Own own) {
    return new AddressPolicy(true, allowed, own);
  }

  /** On a host the author may open what he likes, but for metadata addresses. */
  public static AddressPolicy host() {
    return new AddressPolicy(false, List.of(), Own.NOTHING);
  }

  /**
   * @throws Dialer.AddressRefused with what the address is and what an administrator can do
   */
  public void judge(InetAddress address) throws Dialer.AddressRefused {
    var refusal = refusal(address);
    if (refusal.isPresent()) {
      throw new Dialer.AddressRefused(refusal.get());
    }
  }

  /** Why it may not be opened; empty when it may. */
  public Optional<String> refusal(InetAddress address) {
    if (isAllowed(address)) {
      return Optional.empty();
    }
    var direct = what(address);
    if (direct != null) {
      return Optional.of(sentence(address, direct, suggestion(address)));
    }
    for (var inner : embedded(address)) {
      var what = isAllowed(inner) ? null : what(inner);
      if (what != null) {
        return Optional.of(
            sentence(
                address,
                "a notation of " + inner.getHostAddress() + ", " + what,
                suggestion(inner)));
      }
    }
    return own.pending()
        .map(
            why ->
                address.getHostAddress() + " may be the cluster's own, and is not opened: " + why);
  }

  private boolean isAllowed(InetAddress address) {
    for (var range : allowed) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable String what(InetAddress address) {
    if (METADATA.contains(address)) {
      return "a cloud's metadata address";
    }
    if (!strict) {
      return null;
    }
    if (address.isAnyLocalAddress() || THIS_NETWORK.contains(address)) {
      return "an unspecified address";
    }
    if (address.isLoopbackAddress()) {
      return "a loopback address";
    }
    if (address.isLinkLocalAddress()) {
      return "a link-local address";
    }
    if (address.isMulticastAddress() || address.equals(BROADCAST)) {
      return "a multicast address";
    }
    return own.what(address).orElse(null);
  }

  private String sentence(InetAddress address, String what, String range) {
    var text = address.getHostAddress() + " is " + what + ", which ";
    return strict
        ? text
            + "the operator does not open; an administrator can allow it with --allow-address "
            + range
        : text + "Heartbeat does not open; watch something else";
  }

  private static String suggestion(InetAddress address) {
    if (LOOPBACK.contains(address)) {
      return LOOPBACK.toString();
    }
    return address.getHostAddress() + (address instanceof Inet6Address ? "/128" : "/32");
  }

  /** The IPv4 addresses that translators and tunnels would make of an IPv6 address. */
  private static List<InetAddress> embedded(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return List.of();
    }
    var bytes = address.getAddress();
    if (NAT64.contains(address) || TRANSLATED.contains(address) || COMPATIBLE.contains(address)) {
      return List.of(at(bytes, 12, 0));
    }
    if (NAT64_LOCAL.contains(address)) {
      // The prefix length is the operator's of that network: /96, or /48 with the u octet between.
      var split = new byte[] {bytes[6], bytes[7], bytes[9], bytes[10]};
      return List.of(at(bytes, 12, 0), at(split, 0, 0));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return List.of(at(bytes, 2, 0));
    }
    if (TEREDO.contains(address)) {
      return List.of(at(bytes, 4, 0), at(bytes, 12, 0xff));
    }
    // ISATAP, RFC 5214: the interface identifier is 0000:5efe or 0200:5efe and the IPv4 address.
    if ((bytes[8] & 0xfd) == 0
        && bytes[9] == 0
        && bytes[10] == 0x5e
        && (bytes[11] & 0xff) == 0xfe) {
      return List.of(at(bytes, 12, 0));
    }
    return List.of();
  }

  private static InetAddress at(byte[] bytes, int from, int flip) {
    var four = Arrays.copyOfRange(bytes, from, from + 4);
    for (var i = 0; i < 4; i++) {
      four[i] ^= (byte) flip;
    }
    try {
      return InetAddress.getByAddress(four);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // four bytes are always an address
    }
  }

  private static InetAddress literal(String text) {
    var address = Literals.parse(text);
    if (address == null) {
      throw new IllegalStateException(text);
    }
    return address;
  }
}
