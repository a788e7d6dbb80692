package io.nexus.heartbeat.check;

import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** PING, and what INFO tells, of the server, of the master that sentinels name, or of a cluster. */
record RedisCheck(RedisTarget target, Surroundings surroundings) implements Check {
  static Check of(RedisTarget target, Surroundings surroundings) {
    // The driver's first start takes part of a second: not at the expense of the first deadline.
    surroundings.clients().redis().resources();
    return new RedisCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    RedisUrl url;
    RedisLogin login;
    RedisLogin toSentinels;
    TlsSettings trust;
    try {
      url = RedisUrl.parse(target.url());
      login = login(target.username(), target.passwordFrom(), "passwordFrom", "username");
      toSentinels =
          login(
              target.sentinelUsername(),
              target.sentinelPasswordFrom(),
              "sentinelPasswordFrom",
              "sentinelUsername");
      trust = trust(url);
    } catch (BadAddress | SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    }
    RedisPeer.At server = at -> new RedisPeer(at, login, url.database(), trust, surroundings);
    RedisPeer.At sentinel = at -> new RedisPeer(at, toSentinels, 0, trust, surroundings);
    return switch (url.form()) {
      case SERVER -> look(server.peer(url.servers().getFirst()), deadline);
      case SENTINEL ->
          new RedisSentinels(url.servers(), url.master(), sentinel, server).run(deadline);
      case CLUSTER -> new RedisCluster(url.servers(), url.tls(), server).run(deadline);
    };
  }

  /** What one server tells of itself. */
  static Reading look(RedisPeer peer, Deadline deadline) throws InterruptedException {
    try {
      return peer.ask(deadline, RedisCheck::look);
    } catch (RedisFailed e) {
      return e.reading();
    }
  }

  /** Up or Impaired; all else is thrown. */
  static Reading look(RedisTalk talk) throws RedisFailed, IOException, InterruptedException {
    var begun = System.nanoTime();
    var answer = talk.ask("PING", BaseRedisAsyncCommands::ping);
    var latency = (System.nanoTime() - begun) / 1e9;
    if (!"PONG".equals(answer)) {
      throw new RedisFailed(
          Words.down("answered PING with \"" + talk.words().clean(answer) + "\""));
    }
    var measured = Measurements.NONE.with("latency", latency);
    try {
      var info = talk.ask("INFO", redis -> redis.info());
      return RedisInfo.parse(info).judge(measured, talk.words());
    } catch (RedisFailed e) {
      if (e.is("NOPERM") && e.reading() instanceof Reading.Unknown(var why)) {
        return new Reading.Up(RedisInfo.untold(measured, why));
      }
      throw e;
    }
  }

  private RedisLogin login(
      @Nullable String user, @Nullable ValueFrom from, String field, String userField)
      throws BadAddress {
    if (from == null && user != null) {
      throw new BadAddress(userField + " without a password: set " + field);
    }
    return new RedisLogin(user, from, field, surroundings.secrets());
  }

  private @Nullable TlsSettings trust(RedisUrl url) throws BadAddress, SecretUnavailable {
    if (!url.tls() && target.tls() != null) {
      throw new BadAddress("tls is set but the url says redis://: write rediss://");
    }
    return url.tls() ? Trust.of(target.tls(), surroundings.secrets()) : null;
  }
}
