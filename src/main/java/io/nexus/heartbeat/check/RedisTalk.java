package io.nexus.heartbeat.check;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Questions and answers over one connection; what goes wrong is said in words. */
record RedisTalk(RedisAddress address, RedisSession session, RedisLogin login, Words words) {

  void connect() throws RedisFailed, IOException, InterruptedException {
    try {
      session.connect();
    } catch (ExecutionException e) {
      throw failure(e, "connect");
    }
  }

  void logIn(@Nullable String password, int database)
      throws RedisFailed, IOException, InterruptedException {
    if (password != null) {
      var user = login.username();
      // The form with one argument is the one that servers before 6 know.
      ask("AUTH", redis -> user == null ? redis.auth(password) : redis.auth(user, password));
    }
    if (database != 0) {
      ask("SELECT", CommandType.SELECT, String.valueOf(database));
    }
  }

  /** One that is answered by a line or a text. */
  String ask(String asking, CommandType command, String... arguments)
      throws RedisFailed, IOException, InterruptedException {
    return ask(asking, new StatusOutput<>(StringCodec.UTF8), command, arguments);
  }

  <T> T ask(
      String asking,
      CommandOutput<String, String, T> answer,
      CommandType command,
      String... arguments)
      throws RedisFailed, IOException, InterruptedException {
    var sent = new CommandArgs<>(StringCodec.UTF8);
    for (var argument : arguments) {
      sent.add(argument);
    }
    return ask(asking, redis -> redis.dispatch(command, answer, sent));
  }

  <T> T ask(
      String asking, Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question)
      throws RedisFailed, IOException, InterruptedException {
    T answer;
    try {
      answer = session.await(question.apply(session.commands()));
    } catch (ExecutionException e) {
      throw failure(e, asking);
    }
    if (answer == null) {
      throw new RedisFailed(Words.down("answered " + asking + " with nothing"));
    }
    return answer;
  }

  private RedisFailed failure(ExecutionException failure, String asking)
      throws InterruptedException {
    if (session.wire().oversized()) {
      return new RedisFailed(
          Words.down(
              "answered " + asking + " with more than " + RedisWire.MAX_BYTES / 1024 + " KiB"));
    }
    var unsecured = session.wire().unsecured();
    if (unsecured != null) {
      return new RedisFailed(words.broken(unsecured), "", failure);
    }
    for (var cause : Words.chain(failure)) {
      if (cause instanceof RedisCommandExecutionException said) {
        var error = String.valueOf(said.getMessage());
        return new RedisFailed(refused(error, asking), error, null);
      }
    }
    var turnedAway = session.wire().turnedAway();
    return turnedAway == null
        ? new RedisFailed(words.broken(failure), "", failure)
        : new RedisFailed(refused(turnedAway, asking), turnedAway, null);
  }

  /** Redis errors begin with a code: redis.io/docs/latest/develop/reference/protocol-spec. */
  private Reading refused(String error, String asking) {
    var code = error.split(" ", 2)[0];
    return switch (code) {
      case "LOADING" ->
          new Reading.Impaired("loading its data set into memory", Measurements.NONE, true);
      case "MASTERDOWN" ->
          new Reading.Impaired("replica has lost its primary", Measurements.NONE, false);
      case "BUSY" -> new Reading.Impaired("busy running a script", Measurements.NONE, false);
      case "WRONGPASS" ->
          new Reading.Unknown(
              "wrong password for user " + login.user() + ": check " + login.field());
      case "NOAUTH" -> new Reading.Unknown("a password is required: set " + login.field());
      case "NOPERM" ->
          new Reading.Unknown(
              "user %s may not run %s: allow +%s"
                  .formatted(
                      login.user(), asking, asking.toLowerCase(Locale.ROOT).replace(' ', '|')));
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
}
