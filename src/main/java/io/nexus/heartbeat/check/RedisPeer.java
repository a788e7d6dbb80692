package io.nexus.heartbeat.check;

import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One server and the way into it. Its address, whoever named it, is opened only when the dialer
 * allows it.
 *
 * @param trust absent: no TLS
 */
record RedisPeer(
    RedisAddress address,
    RedisLogin login,
    int database,
    @Nullable TlsSettings trust,
    Surroundings surroundings) {

  /** The way in is the same for all of them. */
  @FunctionalInterface
  interface At {
    RedisPeer peer(RedisAddress address);
  }

  /** What is asked once the login is done. */
  @FunctionalInterface
  interface Question<T> {
    T of(RedisTalk talk) throws RedisFailed, IOException, InterruptedException;
  }

  <T> T ask(Deadline deadline, Question<T> question) throws RedisFailed, InterruptedException {
    String password;
    try {
      password = login.password(address.host());
    } catch (SecretUnavailable e) {
      throw new RedisFailed(new Reading.Unknown(String.valueOf(e.getMessage())));
    }
    var words = new Words(deadline, password == null ? List.of() : List.of(password));
    try {
      return anyAddress(deadline, password, words, question);
    } catch (IOException e) {
      throw new RedisFailed(words.broken(e), "", e);
    }
  }

  /** As a browser does: the next address when one refuses. */
  private <T> T anyAddress(
      Deadline deadline, @Nullable String password, Words words, Question<T> question)
      throws RedisFailed, IOException, InterruptedException {
    var last = new RedisFailed(Words.down("no address"));
    for (var ip : surroundings.dialer().resolve(address.host(), deadline)) {
      try (var session = session(ip, deadline)) {
        var talk = new RedisTalk(address, session, login, words);
        try {
          talk.connect();
        } catch (RedisFailed e) {
          last = e;
          if (Words.chain(e).stream().anyMatch(ConnectException.class::isInstance)) {
            continue;
          }
          throw e;
        }
        talk.logIn(password, database);
        return question.of(talk);
      }
    }
    throw last;
  }

  private RedisSession session(InetAddress ip, Deadline deadline) throws IOException {
    var name = trust == null || trust.serverName() == null ? address.host() : trust.serverName();
    // Lettuce takes the name for SNI and certificate from the address; nothing is looked up here.
    var named = InetAddress.getByAddress(name, ip.getAddress());
    return new RedisSession(
        surroundings.clients(),
        new InetSocketAddress(named, address.port()),
        name,
        trust,
        deadline);
  }
}
