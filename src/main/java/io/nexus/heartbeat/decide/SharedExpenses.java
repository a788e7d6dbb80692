package io.nexus.heartbeat.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What all monitors of an installation have spent of the budget that they share. */
public record SharedExpenses(List<Expense> spent) {
  public static final SharedExpenses NONE = new SharedExpenses(List.of());

  /** Longer than any two clocks that may act differ. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  public SharedExpenses {
    spent = List.copyOf(spent);
  }

  /**
   * An act.
   *
   * @param action its plan's id, by which it is spent only once
   */
  public record Expense(String action, String namespace, Instant at) {}

  /**
   * @param installation what all of it may spend
   * @param namespace what the monitors of any one namespace may, so that no tenant spends what is
   *     everybody's
   */
  public record Shares(Allowance installation, Allowance namespace) {
    /** More would not fit into the object that it is kept in. */
    public static final int MOST = 1_000;

    public static final Shares DEFAULT =
        new Shares(new Allowance(20, Duration.ofHours(1)), new Allowance(10, Duration.ofHours(1)));
  }

  public boolean has(String action) {
    return spent.stream().anyMatch(expense -> expense.action().equals(action));
  }

  /** Why nothing more may be spent for this namespace; empty: it may. */
  public Optional<String> closed(Shares shares, String namespace, Instant now) {
    var all = spent.stream().map(Expense::at).toList();
    var own = spent.stream().filter(e -> e.namespace().equals(namespace)).map(Expense::at).toList();
    return shares
        .installation()
        .spent(all, now)
        .map(why -> "of the installation, " + why)
        .or(
            () ->
                shares
                    .namespace()
                    .spent(own, now)
                    .map(why -> "of namespace " + namespace + ", " + why));
  }

  /** With one more, and without what no window asks for any longer. */
  public SharedExpenses with(Expense expense, Shares shares) {
    var window = Allowance.longer(shares.installation().per(), shares.namespace().per());
    var start = expense.at().minus(window).minus(MARGIN);
    return new SharedExpenses(
        Stream.concat(spent.stream().filter(e -> e.at().isAfter(start)), Stream.of(expense))
            .toList());
  }
}
