package io.nexus.heartbeat.engine;

import io.nexus.heartbeat.decide.SharedExpenses;
import io.nexus.heartbeat.decide.SharedExpenses.Expense;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the monitors of an installation may spend together. What cannot be told or written down is
 * closed.
 */
public interface SharedBudget {

  /** Why nothing may be spent for this namespace, as far as is known; empty: it may. */
  Optional<String> closed(String namespace);

  /**
   * Spends one act, just before it is done; however often it is asked for the same, once. A process
   * that dies between this and the act has spent it.
   *
   * @param action the plan's id
   * @return why it may not be done; empty: it is spent
   */
  Optional<String> spend(String namespace, String action) throws InterruptedException;

  /** Of a process that shares it with no other, and remembers it no longer than itself. */
  static SharedBudget ofThisProcess(Shares shares, InstantSource clock) {
    return new SharedBudget() {
      private SharedExpenses known = SharedExpenses.NONE;

      @Override
      public synchronized Optional<String> closed(String namespace) {
        return known.closed(shares, namespace, clock.instant());
      }

      @Override
      public synchronized Optional<String> spend(String namespace, String action) {
        if (known.has(action)) {
          return Optional.empty();
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var why = known.closed(shares, namespace, now);
        if (why.isEmpty()) {
          known = known.with(new Expense(action, namespace, now), shares);
        }
        return why;
      }
    };
  }
}
