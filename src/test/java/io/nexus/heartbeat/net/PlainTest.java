package io.nexus.heartbeat.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTest {
  @ParameterizedTest
  @CsvSource({
    "'\u001B[31mred\u001B[0m',red",
    "'\u001B]0;title\u0007bell',bell",
    "'\u001B]8;;http://evil\u001B\\link',link",
    "'a\r\n\t b',a b",
    "'\u202Eevil\u2066',evil",
    "'  lone \uD83D half ',lone half",
    "'😀😀',😀😀"
  })
  void nothingMovesACursorOrTurnsTheText(String raw, String shown) {
    assertThat(Plain.text(raw, 100)).isEqualTo(shown);
  }

  @Test
  void whatIsLongerIsCutBetweenCharactersAndSaysSo() {
    assertThat(Plain.text("😀".repeat(5), 3)).isEqualTo("😀😀😀…");
  }
}
