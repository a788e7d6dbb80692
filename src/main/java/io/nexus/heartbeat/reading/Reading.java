package io.nexus.heartbeat.reading;

import java.util.function.UnaryOperator;

/**
 * What one check found. Could not tell is not down.
 *
 * <p>Causes are words for a person ("connection refused"), never a class name, without the target's
 * name and without secrets.
 */
public sealed interface Reading {

  /** It answered as it should. */
  record Up(Measurements measurements) implements Reading {}

  /**
   * It works, but not well: slow, an unexpected answer, some endpoints down.
   *
   * @param starting it is coming up by itself; repair must wait
   */
  record Impaired(String cause, Measurements measurements, boolean starting) implements Reading {}

  /** It does not do its job. */
  record Down(String cause, Measurements measurements) implements Reading {}

  /** Could not tell, with what to mend: a missing Secret, wrong credentials, our own network. */
  record Unknown(String why) implements Reading {}

  /**
   * Something answered, and the monitor's own conditions say that it is not well.
   *
   * @param found Up or Impaired
   * @param condition what they say: Impaired, Down, or Unknown when they could not be evaluated
   */
  record Judged(Reading found, Reading condition) implements Reading {}

  /** The same with its words changed, such as by taking secrets out of them. */
  default Reading withWords(UnaryOperator<String> change) {
    return switch (this) {
      case Up(var measured) -> new Up(measured.withWords(change));
      case Impaired(var cause, var measured, var starting) ->
          new Impaired(change.apply(cause), measured.withWords(change), starting);
      case Down(var cause, var measured) ->
          new Down(change.apply(cause), measured.withWords(change));
      case Unknown(var why) -> new Unknown(change.apply(why));
      case Judged(var found, var condition) ->
          new Judged(found.withWords(change), condition.withWords(change));
    };
  }
}
