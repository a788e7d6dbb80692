package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotEnvTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A=b | b",
        "  export  A = b  | b",
        "A= | ``",
        "A | ",
        "A=b # comment | b",
        "A=p#ss | p#ss",
        "A=#b | #b",
        "A= # only a comment | ``",
        "A='p # ss' # comment | p # ss",
        "A=\"p # ss\" | p # ss",
        "A='it\\'s' | it's",
        "A='no \\n line' | no \\n line",
        "A=\"say \\\"hi\\\"\" | say \"hi\"",
        "A=\"back\\\\slash\" | back\\slash",
        "A=a b c | a b c",
        "A=postgresql://u:p%23=x@h/d?a=b | postgresql://u:p%23=x@h/d?a=b",
        "A='unended | ",
        "A=\"closed\" and more | ",
        "A=${HOME_OF} | /home/nexus",
        "A=pre-${NOT_SET:-default}-post | pre-default-post",
        "A=$HOME_OF | $HOME_OF",
        "# A=b | ",
      })
  void aLineIsReadAsPythonDotenvReadsIt(String line, String value) {
    var read = DotEnv.parse(line + "\n", Map.of("HOME_OF", "/home/nexus"));
    assertThat(read.values().get("A")).isEqualTo(value);
  }

  @Test
  void quotesGoOverSeveralLinesAndLaterLinesWin() {
    var text = "\uFEFFA='one\ntwo'\r\nB=1\r\n\r\nexport B=\"x\\ny\"\nC=${B}\n";
    assertThat(DotEnv.parse(text, Map.of()).values())
        .containsEntry("A", "one\ntwo")
        .containsEntry("B", "x\ny")
        .containsEntry("C", "x\ny");
  }

  @Test
  void whatIsOfAnotherFormIsPassedOverByItsNumber() {
    var read = DotEnv.parse("A=1\nnonsense\n\n# fine\nB='open\nC=2\n", Map.of());
    assertThat(read.passedOver()).containsExactly(2, 5);
    assertThat(read.values()).containsOnlyKeys("A", "C");
  }

  @Test
  void whatMeansAnotherVariableIsTheEnvironmentsFirst() {
    assertThat(DotEnv.parse("P=file\nA=${P}\n", Map.of("P", "environment")).values())
        .containsEntry("A", "environment");
  }
}
