package io.nexus.heartbeat.api;

/** What the rules on URLs have in common, so that a mistake is found before anything is opened. */
final class Urls {
  private static final String PORT =
      "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?";

  private static final String ONE = "([^]/?#@:[,]+|[[][0-9A-Fa-f:.]+[]])" + PORT;

  /** A host, or an IPv6 address in brackets; a port of 1 to 65535; a user is another rule's. */
  static final String HAS_HOST =
      "self.matches('^[a-z]+://([^/?#]*@)?([^]/?#@:[]+|[[][0-9A-Fa-f:.]+[]])"
          + PORT
          + "([/?#].*)?$')";

  /** The same of one or several, between commas. */
  static final String HAS_HOSTS =
      "self.matches('^[a-z-]+://([^/?#]*@)?" + ONE + "(," + ONE + ")*([/?#].*)?$')";

  static final String HAS_HOST_MESSAGE =
      "the URL's host or port is not valid: a name or address (IPv6 in brackets), then a port from 1"
          + " to 65535, as in ";

  private Urls() {}
}
