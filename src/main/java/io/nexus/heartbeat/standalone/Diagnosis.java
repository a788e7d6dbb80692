package io.nexus.heartbeat.standalone;

import java.util.function.UnaryOperator;

/**
 * What was found of one thing that the configuration needs.
 *
 * @param fix what to do; empty when all is well
 */
public record Diagnosis(String subject, String words, String fix) {
  static Diagnosis well(String subject, String words) {
    return new Diagnosis(subject, words, "");
  }

  public boolean isWell() {
    return fix.isEmpty();
  }

  Diagnosis withWords(UnaryOperator<String> change) {
    return new Diagnosis(change.apply(subject), change.apply(words), change.apply(fix));
  }
}
