package io.nexus.heartbeat.check;

import io.lettuce.core.protocol.CommandType;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one sentinel says.
 *
 * @param master where it is; empty when no master of that name is known
 * @param known the names of the masters that are known instead
 * @param noQuorum why no failover could be made; empty when one could
 * @param untold why that is not told; empty when it is
 */
record SentinelView(
    Optional<RedisAddress> master, List<String> known, String noQuorum, String untold) {
  private static final int MOST_LINES = 2000;
  private static final int MOST_NAMES = 5;
  private static final Pattern MASTER = Pattern.compile("master[0-9]++:name=([^,]+),");

  static SentinelView of(RedisTalk talk, String name)
      throws RedisFailed, IOException, InterruptedException {
    var address = address(talk, name);
    if (address.isEmpty()) {
      return new SentinelView(Optional.empty(), known(talk), "", "");
    }
    var announced =
        address.size() == 2
            ? RedisAddress.announced(address.get(0), address.get(1))
            : Optional.<RedisAddress>empty();
    if (announced.isEmpty()) {
      throw new RedisFailed(
          Words.down("names no address: " + talk.words().clean(String.join(" ", address))));
    }
    return withQuorum(announced, talk, name);
  }

  private static List<String> address(RedisTalk talk, String name)
      throws RedisFailed, IOException, InterruptedException {
    try {
      return talk.ask(
          "SENTINEL GET-MASTER-ADDR-BY-NAME",
          new RedisStrings(),
          CommandType.SENTINEL,
          "GET-MASTER-ADDR-BY-NAME",
          name);
    } catch (RedisFailed e) {
      if (e.said().contains("unknown command")) {
        throw new RedisFailed(
            new Reading.Unknown(
                "is no sentinel but a server: sentinels mostly listen on port 26379"));
      }
      throw e;
    }
  }

  private static List<String> known(RedisTalk talk)
      throws RedisFailed, IOException, InterruptedException {
    // master0:name=mymaster,status=ok,address=10.0.0.5:6379,slaves=2,sentinels=3
    return talk.ask("INFO", CommandType.INFO, "sentinel")
        .lines()
        .limit(MOST_LINES)
        .map(MASTER::matcher)
        .filter(Matcher::lookingAt)
        .limit(MOST_NAMES)
        .map(found -> talk.words().clean(found.group(1)))
        .collect(Collectors.toList());
  }

  private static SentinelView withQuorum(Optional<RedisAddress> master, RedisTalk talk, String name)
      throws RedisFailed, IOException, InterruptedException {
    try {
      var _ = talk.ask("SENTINEL CKQUORUM", CommandType.SENTINEL, "CKQUORUM", name);
      return new SentinelView(master, List.of(), "", "");
    } catch (RedisFailed e) {
      if (e.is("NOQUORUM")) {
        return new SentinelView(master, List.of(), talk.words().clean(e.said()), "");
      }
      // Where the master is, is known all the same.
      if (e.is("NOPERM") && e.reading() instanceof Reading.Unknown(var why)) {
        return new SentinelView(master, List.of(), "", why);
      }
      throw e;
    }
  }
}
