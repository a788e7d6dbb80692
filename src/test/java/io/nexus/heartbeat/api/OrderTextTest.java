package io.nexus.heartbeat.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people write into an annotation, and what is made of it. */
class OrderTextTest {
  private static final Instant AT = Instant.parse("2026-11-24T16:00:00.123Z");

  @Test
  void aPauseHasAnEndOrNone() {
    assertThat(OrderText.parse(Order.Pause, "2h by=alice at=2026-11-24T16:00:00.123Z"))
        .isEqualTo(new OrderText(List.of(), Duration.ofHours(2), AT, "alice"));
    assertThat(OrderText.parse(Order.Pause, ""))
        .isEqualTo(new OrderText(List.of(), null, null, "annotation"));
  }

  @Test
  void whatOnlyMakesItNewIsNoName() {
    for (var token :
        List.of("1764000000", "1764000000123", "2026-11-24T16:00:00.123Z", "at=1764000000")) {
      assertThat(OrderText.parse(Order.RunNow, "gateway " + token).words())
          .containsExactly("gateway");
      assertThat(OrderText.parse(Order.Resume, token).words()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          Pause,   2 hours,            "one duration is right, such as 2h; '2 hours' is more"
          Pause,   soon,               "'soon' is not a duration; right would be 30s, 1m30s, 2h or 500ms"
          Pause,   30,                 "'30' is not a duration; right would be 30s, 1m30s, 2h or 500ms"
          Pause,   0s,                 "a pause of 0s is none; to end one, resume it"
          Resume,  gateway,            "it is for the whole monitor; 'gateway' is too much"
          Approve, "",                 "it names one step, by the id that status and message show, such as 8442-1f3a"
          Approve, 8442-1f3a 8442-1f3b, "it names one step, by the id that status and message show, such as 8442-1f3a"
          Reset,   gateway at=noon,    "'noon' is not a time; right would be 2026-12-01T02:00:00Z"
          Ack,     gatewäy,            "it holds characters that are not printable ASCII"
          """)
  void aMistakeIsSaidWithWhatWouldBeRight(Order order, String text, String why) {
    assertThatThrownBy(() -> OrderText.parse(order, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  @Test
  void whoGivesItIsANameAndNothingElse() {
    assertThat(OrderText.by("by=system:serviceaccount:shop:deployer")).contains(":shop:deployer");
    assertThat(OrderText.by("by=<b>alice</b>")).isEqualTo("?b?alice?/b?");
    assertThat(OrderText.by("by=" + "a".repeat(200))).hasSize(80);
    assertThat(OrderText.by("by=")).isEqualTo("annotation");
  }

  @Property
  void whateverIsWrittenIsUnderstoodOrRefusedAndKeptWithinBounds(
      @ForAll Order order, @ForAll String text) {
    assertThat(OrderBook.kept(text)).hasSizeLessThanOrEqualTo(OrderText.LONGEST);
    assertThat(OrderText.by(text)).hasSizeLessThanOrEqualTo(80).matches("[ -~]+");
    try {
      var said = OrderText.parse(order, text);
      assertThat(said.by()).isEqualTo(OrderText.by(text));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Property
  void whatACommandWritesIsReadAsItWasMeant(@ForAll String by) {
    var text = OrderText.written(List.of("gateway", "redis"), AT, by.isBlank() ? "me" : by);
    var said = OrderText.parse(Order.Reset, text.length() > 256 ? "x" : text);
    if (text.length() <= 256) {
      assertThat(said.words()).containsExactly("gateway", "redis");
      assertThat(said.at()).isEqualTo(AT);
    }
  }

  @Test
  void onlyOurOwnAnnotationsAreOrders() {
    assertThat(
            Order.in(
                Map.of(
                    "heartbeat.nexus.io/run-now", "1",
                    "heartbeat.nexus.io/runNow", "2",
                    "example.com/pause", "3")))
        .isEqualTo(Map.of(Order.RunNow, "1"));
    assertThat(Order.in(null)).isEmpty();
  }
}
