package io.nexus.heartbeat.api;

import java.util.Collection;

/** How well a target or a monitor is. The order of declaration is the order of severity. */
public enum Level {
  Healthy('H'),
  Degraded('D'),
  Unknown('U'),
  Critical('C');

  private final char letter;

  Level(char letter) {
    this.letter = letter;
  }

  /** One letter, as in {@code status.targets[].recent}. */
  public char letter() {
    return letter;
  }

  public static Level ofLetter(char letter) {
    for (var level : values()) {
      if (level.letter == letter) {
        return level;
      }
    }
    throw new IllegalArgumentException("no level has the letter '" + letter + "'");
  }

  public boolean isWorseThan(Level other) {
    return compareTo(other) > 0;
  }

  public boolean isAtLeast(Level other) {
    return compareTo(other) >= 0;
  }

  /** Of those that count. Where nothing counts, nothing is known: Unknown. */
  public static Level worst(Collection<Level> levels) {
    return levels.stream().reduce((a, b) -> a.isWorseThan(b) ? a : b).orElse(Unknown);
  }
}
