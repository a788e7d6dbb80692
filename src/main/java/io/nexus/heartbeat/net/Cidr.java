package io.nexus.heartbeat.net;

import java.net.InetAddress;

/** A range of addresses, such as 10.0.0.0/8 or fd00::/8; a single address is its own range. */
public record Cidr(InetAddress network, int bits) {

  public Cidr {
    var width = network.getAddress().length * 8;
    if (bits < 0 || bits > width) {
      throw new IllegalArgumentException(
          "/"
              + bits
              + " is not a prefix of "
              + network.getHostAddress()
              + "; 0 to "
              + width
              + " is");
    }
  }

  /**
   * @throws IllegalArgumentException saying what would be right
   */
  public static Cidr parse(String text) {
    var slash = text.indexOf('/');
    var address = Literals.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          "'"
              + Plain.text(text, 60)
              + "' is not a range of addresses; 10.0.0.0/8 or fd00::/8 would be");
    }
    if (slash < 0) {
      return new Cidr(address, address.getAddress().length * 8);
    }
    try {
      return new Cidr(address, Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "'" + Plain.text(text, 60) + "': the prefix length after the slash must be a number");
    }
  }

  public boolean contains(InetAddress address) {
    var mine = network.getAddress();
    var other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (var i = 0; i < mine.length; i++) {
      var left = Math.clamp(bits - i * 8L, 0, 8);
      var mask = 0xff << (8 - left) & 0xff;
      if (((mine[i] ^ other[i]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + bits;
  }
}
