package io.nexus.heartbeat.api.expression;

/** An expression that means nothing, with where and why. */
public final class BadExpression extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  /**
   * @param line in the expression, from 1
   * @param column in that line, from 0
   */
  BadExpression(int line, int column, String message) {
    super(message);
    this.line = line;
    this.column = column;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
