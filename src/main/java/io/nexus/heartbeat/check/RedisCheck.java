package io.nexus.heartbeat.check;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** PING, and what INFO tells. */
record RedisCheck(RedisTarget target, Surroundings surroundings) implements Check {
  static Check of(RedisTarget target, Surroundings surroundings) {
    // The driver's first start takes part of a second: not at the expense of the first deadline.
    surroundings.clients().redis().resources();
    return new RedisCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    RedisUrl url;
    String password;
    TlsSettings trust;
    try {
      url = RedisUrl.parse(target.url());
      var from = target.passwordFrom();
      if (from == null && target.username() != null) {
        throw new BadAddress("username without a password: set passwordFrom");
      }
      password = from == null ? null : surroundings.secrets().read(from, url.host()).text();
      trust = trust(url);
    } catch (BadAddress | SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
    var words = new Words(deadline, password == null ? List.of() : List.of(password));
    try {
      return anyAddress(url, password, trust, deadline, words);
    } catch (IOException e) {
      return words.broken(e);
    }
  }

  /** As a browser does: the next address when one refuses. */
  private Reading anyAddress(
      RedisUrl url,
      @Nullable String password,
      @Nullable TlsSettings trust,
      Deadline deadline,
      Words words)
      throws IOException, InterruptedException {
    Reading last = Words.down("no address");
    for (var address : surroundings.dialer().resolve(url.host(), deadline)) {
      var name = trust == null || trust.serverName() == null ? url.host() : trust.serverName();
      try (var session =
          new RedisSession(
              surroundings.clients(),
              new InetSocketAddress(named(name, address), url.port()),
              name,
              trust,
              deadline)) {
        try {
          session.connect();
        } catch (ExecutionException e) {
          last = failure(session, e, "connect", words);
          if (Words.chain(e).stream().anyMatch(ConnectException.class::isInstance)) {
            continue;
          }
          return last;
        }
        return talk(session, url, password, words);
      }
    }
    return last;
  }

  /** Lettuce takes the name for SNI and certificate from the address; nothing is looked up here. */
  private static InetAddress named(String name, InetAddress address) throws IOException {
    return InetAddress.getByAddress(name, address.getAddress());
  }

  private Reading talk(RedisSession session, RedisUrl url, @Nullable String password, Words words)
      throws IOException, InterruptedException {
    var asking = "PING";
    try {
      var redis = session.commands();
      if (password != null) {
        asking = "AUTH";
        var user = target.username();
        // The form with one argument is the one that servers before 6 know.
        session.await(user == null ? redis.auth(password) : redis.auth(user, password));
      }
      if (url.database() != 0) {
        asking = "SELECT";
        session.await(
            redis.dispatch(
                CommandType.SELECT,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).add(url.database())));
      }
      asking = "PING";
      var begun = System.nanoTime();
      var answer = session.await(redis.ping());
      var latency = (System.nanoTime() - begun) / 1e9;
      if (!"PONG".equals(answer)) {
        return Words.down("answered PING with \"" + words.clean(answer) + "\"");
      }
      var measured = Measurements.NONE.with("latency", latency);
      asking = "INFO";
      try {
        return RedisInfo.parse(session.await(redis.info())).judge(measured, words);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RedisCommandExecutionException refused
            && String.valueOf(refused.getMessage()).startsWith("NOPERM")) {
          return new Reading.Up(RedisInfo.untold(measured, notPermitted("INFO")));
        }
        throw e;
      }
    } catch (ExecutionException e) {
      return failure(session, e, asking, words);
    }
  }

  private Reading failure(
      RedisSession session, ExecutionException failure, String asking, Words words)
      throws InterruptedException {
    if (session.wire().oversized()) {
      return Words.down(
          "answered " + asking + " with more than " + RedisWire.MAX_BYTES / 1024 + " KiB");
    }
    var unsecured = session.wire().unsecured();
    if (unsecured != null) {
      return words.broken(unsecured);
    }
    for (var cause : Words.chain(failure)) {
      if (cause instanceof RedisCommandExecutionException said) {
        return refused(String.valueOf(said.getMessage()), asking, words);
      }
    }
    var turnedAway = session.wire().turnedAway();
    return turnedAway == null ? words.broken(failure) : refused(turnedAway, asking, words);
  }

  /** Redis errors begin with a code: redis.io/docs/latest/develop/reference/protocol-spec. */
  private Reading refused(String error, String asking, Words words) {
    var user = target.username() == null ? "default" : target.username();
    var code = error.split(" ", 2)[0];
    return switch (code) {
      case "LOADING" ->
          new Reading.Impaired("loading its data set into memory", Measurements.NONE, true);
      case "MASTERDOWN" ->
          new Reading.Impaired("replica has lost its primary", Measurements.NONE, false);
      case "BUSY" -> new Reading.Impaired("busy running a script", Measurements.NONE, false);
      case "WRONGPASS" ->
          new Reading.Unknown("wrong password for user " + user + ": check passwordFrom");
      case "NOAUTH" -> new Reading.Unknown("a password is required: set passwordFrom");
      case "NOPERM" -> new Reading.Unknown(notPermitted(asking));
      case "DENIED" ->
          new Reading.Unknown("the server is in protected mode: give it a password or a bind");
      default -> {
        if (error.contains("max number of clients")) {
          yield new Reading.Impaired("max number of clients reached", Measurements.NONE, false);
        }
        if (asking.equals("AUTH")) {
          yield new Reading.Unknown("AUTH was refused: " + words.clean(error));
        }
        if (asking.equals("SELECT")) {
          yield new Reading.Unknown("no such database number in the url: " + words.clean(error));
        }
        yield Words.down("answered " + asking + " with " + words.clean(error));
      }
    };
  }

  private String notPermitted(String command) {
    var user = target.username() == null ? "default" : target.username();
    return "user %s may not run %s: allow +%s"
        .formatted(user, command, command.toLowerCase(java.util.Locale.ROOT));
  }

  private @Nullable TlsSettings trust(RedisUrl url) throws BadAddress, SecretUnavailable {
    if (!url.tls() && target.tls() != null) {
      throw new BadAddress("tls is set but the url says redis://: write rediss://");
    }
    return url.tls() ? Trust.of(target.tls(), surroundings.secrets()) : null;
  }
}
