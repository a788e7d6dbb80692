package io.nexus.heartbeat.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.decide.SharedExpenses.Expense;
import io.nexus.heartbeat.decide.SharedExpenses.Shares;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Together no more is spent than is allowed, whoever asks when, and by whichever clock. */
class SharedExpensesPropertyTest {
  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

  /** Somebody wants to act, some seconds after the one before, by a clock that may be wrong. */
  record Wish(String namespace, int secondsLater, int clockError, boolean again) {}

  @Provide
  Arbitrary<Wish> wishes() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "c"),
            Arbitraries.integers().between(0, 600),
            Arbitraries.integers().between(-30, 30),
            Arbitraries.of(true, false, false, false))
        .as(Wish::new);
  }

  @Property(tries = 500)
  void noWindowHoldsMoreActsThanAreAllowed(
      @ForAll @Size(min = 1, max = 200) List<@net.jqwik.api.From("wishes") Wish> wishes,
      @ForAll @IntRange(min = 0, max = 6) int all,
      @ForAll @IntRange(min = 0, max = 4) int each,
      @ForAll @IntRange(min = 60, max = 3_600) int window,
      @ForAll @IntRange(min = 60, max = 3_600) int eachWindow) {
    var shares =
        new Shares(
            new Allowance(all, Duration.ofSeconds(window)),
            new Allowance(each, Duration.ofSeconds(eachWindow)));
    var known = SharedExpenses.NONE;
    var done = new ArrayList<Expense>();
    var now = START;
    for (var wish : wishes) {
      now = now.plusSeconds(wish.secondsLater());
      var action = "a" + (done.size() - (wish.again() ? 1 : 0));
      var at = now.plusSeconds(wish.clockError());
      if (known.has(action)) {
        continue; // spent, and not once more
      }
      if (known.closed(shares, wish.namespace(), at).isEmpty()) {
        var expense = new Expense(action, wish.namespace(), at);
        known = known.with(expense, shares);
        done.add(expense);
      }
    }
    assertWithin(shares.installation(), done);
    for (var namespace : List.of("a", "b", "c")) {
      assertWithin(
          shares.namespace(), done.stream().filter(e -> e.namespace().equals(namespace)).toList());
    }
  }

  private static void assertWithin(Allowance allowance, List<Expense> done) {
    for (var first : done) {
      assertThat(done)
          .filteredOn(
              e ->
                  !e.at().isBefore(first.at()) && e.at().isBefore(first.at().plus(allowance.per())))
          .hasSizeLessThanOrEqualTo(allowance.actions());
    }
  }

  @Example
  void whatNoWindowAsksForIsForgotten() {
    var known = SharedExpenses.NONE;
    for (var i = 0; i < 500; i++) {
      known =
          known.with(new Expense("a" + i, "a", START.plus(Duration.ofMinutes(i))), Shares.DEFAULT);
    }
    assertThat(known.spent()).hasSize(65); // of an hour, and five minutes more
  }

  @Example
  void oneTenantCannotSpendEverybodys() {
    var known = SharedExpenses.NONE;
    for (var i = 0; i < 10; i++) {
      known = known.with(new Expense("a" + i, "a", START.plusSeconds(i)), Shares.DEFAULT);
    }
    var now = START.plusSeconds(60);
    assertThat(known.closed(Shares.DEFAULT, "a", now))
        .contains("of namespace a, 10 of 10 acts in 1 h are spent, until 2026-11-24T13:00:00Z");
    assertThat(known.closed(Shares.DEFAULT, "b", now)).isEmpty();
    for (var i = 0; i < 10; i++) {
      known = known.with(new Expense("b" + i, "b", START.plusSeconds(i)), Shares.DEFAULT);
    }
    assertThat(known.closed(Shares.DEFAULT, "c", now))
        .contains(
            "of the installation, 20 of 20 acts in 1 h are spent, until 2026-11-24T13:00:00Z");
  }

  @Example
  void anAllowanceIsReadOrSaysWhatWouldBeRight() {
    assertThat(Allowance.parse("20/1h", 1_000)).hasToString("20/1h");
    assertThat(Allowance.parse(" 0/24h ", 1_000)).isEqualTo(new Allowance(0, Duration.ofDays(1)));
    for (var wrong : List.of("", "20", "1001/1h", "20/0s", "2/200h", "-1/1h", "2/day", "2 / 1h")) {
      assertThatThrownBy(() -> Allowance.parse(wrong, 1_000))
          .hasMessage(
              "'"
                  + wrong
                  + "' is no number of acts in a time; right would be such as 2/24h, with at most"
                  + " 1000 acts in at most 168h");
    }
  }
}
