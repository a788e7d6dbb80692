package io.nexus.heartbeat.reading;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a check measured: numbers by name (bytes, seconds, percent or counts, as the name says),
 * words for the rest, and for a number that does not apply the reason why.
 *
 * @param rise the one of them of which is foretold when it reaches its limit
 * @param failing those behind one address that do not do their job, where they are known singly
 */
public record Measurements(
    SequencedMap<String, Double> numbers,
    SequencedMap<String, String> words,
    SequencedMap<String, String> absent,
    @Nullable Rise rise,
    List<Instance> failing) {
  public static final Measurements NONE =
      new Measurements(
          new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), null, List.of());

  public Measurements {
    numbers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(numbers));
    words = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(words));
    absent = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(absent));
    failing = List.copyOf(failing);
  }

  public Measurements with(String name, double value) {
    return new Measurements(added(numbers, name, value), words, absent, rise, failing);
  }

  public Measurements with(String name, String word) {
    return new Measurements(numbers, added(words, name, word), absent, rise, failing);
  }

  /** Such as {@code memoryPercent} of a Redis without a limit. */
  public Measurements without(String name, String why) {
    return new Measurements(numbers, words, added(absent, name, why), rise, failing);
  }

  /** These and the others, which win where both have a name. */
  public Measurements and(Measurements others) {
    return new Measurements(
        joined(numbers, others.numbers),
        joined(words, others.words),
        joined(absent, others.absent),
        others.rise == null ? rise : others.rise,
        others.failing.isEmpty() ? failing : others.failing);
  }

  /** The same, of which one can be foretold. */
  public Measurements rising(Rise one) {
    return new Measurements(numbers, words, absent, one, failing);
  }

  /** The same, and who does not do its job. */
  public Measurements failing(List<Instance> those) {
    return new Measurements(numbers, words, absent, rise, those);
  }

  Measurements withWords(UnaryOperator<String> change) {
    return new Measurements(
        numbers, changed(words, change), changed(absent, change), rise, failing);
  }

  private static SequencedMap<String, String> changed(
      Map<String, String> map, UnaryOperator<String> change) {
    var copy = new LinkedHashMap<>(map);
    copy.replaceAll((_, word) -> change.apply(word));
    return copy;
  }

  public OptionalDouble number(String name) {
    var value = numbers.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static <V> SequencedMap<String, V> joined(Map<String, V> map, Map<String, V> others) {
    var copy = new LinkedHashMap<>(map);
    copy.putAll(others);
    return copy;
  }

  private static <V> SequencedMap<String, V> added(Map<String, V> map, String name, V value) {
    var copy = new LinkedHashMap<>(map);
    copy.put(name, value);
    return copy;
  }
}
