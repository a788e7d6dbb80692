package io.nexus.heartbeat.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class MaskTest {
  private final Mask mask = new Mask();

  @Test
  void aKnownValueIsMaskedWhereverItStands() {
    mask.learn(SecretValue.of("hunter22\n"));

    assertThat(mask.apply("hunter22")).isEqualTo("***");
    assertThat(mask.apply("user hunter22 failed, hunter22!")).isEqualTo("user *** failed, ***!");
    assertThat(mask.apply("hunter2")).isEqualTo("hunter2");
  }

  @Test
  void theBeginningOfAValueIsMaskedWhereATextWasCutShort() {
    mask.learn(SecretValue.of("hunter22/and/more"));

    assertThat(mask.apply("GET /?t=hunter2…")).isEqualTo("GET /?t=***…");
    assertThat(mask.apply("GET /?t=hunter22%2Fa… and more")).isEqualTo("GET /?t=***… and more");
    assertThat(mask.apply("a hunter…")).isEqualTo("a ***…");
    assertThat(mask.apply("a hunt er…")).isEqualTo("a hunt er…");
    assertThat(mask.apply("hun…")).isEqualTo("hun…");
  }

  @Test
  void aUrlEncodedValueIsMasked() {
    mask.learn(SecretValue.of("p@ss wörd/~*"));

    assertThat(mask.apply("redis://u:p%40ss%20w%C3%B6rd%2F~%2A@host"))
        .isEqualTo("redis://u:***@host");
    assertThat(mask.apply("q=p%40ss+w%c3%b6rd%2f%7e*&x=1")).isEqualTo("q=***&x=1");
  }

  @Test
  void aValueInsideABase64IsMaskedWhateverStandsBeforeIt() {
    mask.learn(SecretValue.of("correct horse battery"));

    for (var user : new String[] {"", "a", "ab", "abc", "abcd"}) {
      var header = base64(user + ":correct horse battery");
      // A character on either side also depends on the neighbours and may stay.
      assertThat(mask.apply(header)).contains("***").doesNotContain(header.substring(8, 24));
    }
    assertThat(mask.apply(base64("correct horse battery"))).startsWith("***").hasSizeLessThan(6);
  }

  @Test
  void overlappingValuesAreMaskedAsOne() {
    mask.learn(SecretValue.of("abcdef"));
    mask.learn(SecretValue.of("defghi"));

    assertThat(mask.apply("-abcdefghi-")).isEqualTo("-***-");
  }

  @Test
  void theLongerOfTwoValuesWins() {
    mask.learn(SecretValue.of("secret"));
    mask.learn(SecretValue.of("secret-and-more"));

    assertThat(mask.apply("a secret-and-more b secret c")).isEqualTo("a *** b *** c");
  }

  @Test
  void aValueTooShortToBeToldFromOtherTextIsLeft() {
    mask.learn(SecretValue.of("abc"));

    assertThat(mask.apply("abc")).isEqualTo("abc");
  }

  @Test
  void aKeyOfManyLinesIsMaskedInAllItsForms() {
    var key = "-----BEGIN KEY-----\n" + "MIIEvQIBADANBgkq\n".repeat(200) + "-----END KEY-----";
    mask.learn(SecretValue.of(key));

    assertThat(mask.apply(key)).doesNotContain("MIIE");
    assertThat(mask.apply(key.replace("\n", " "))).doesNotContain("MIIE");
    assertThat(mask.apply(key.replace("\n", "\\n"))).doesNotContain("MIIE");
  }

  @Test
  void whatItKeepsIsBoundedAndTheLatestStay() {
    for (var i = 0; i < 40; i++) {
      mask.learn("value-%d-".formatted(i) + "x".repeat(20_000) + i);
    }

    assertThat(mask.apply("value-39-" + "x".repeat(20_000) + 39)).doesNotContain("value-39");
    assertThat(mask.apply("value-0-" + "y")).isEqualTo("value-0-y");
  }

  @Test
  void aTextWithoutSecretsIsTheSameObject() {
    mask.learn("hunter22");
    var text = "nothing to see here";

    assertThat(mask.apply(text)).isSameAs(text);
  }

  @Test
  void valuesMayBeLearntWhileOthersAreMasked() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 50; i++) {
        var secret = "secret-number-" + i + "-";
        threads.submit(() -> mask.learn(secret));
        threads.submit(() -> mask.apply(secret));
      }
    }
    for (var i = 0; i < 50; i++) {
      assertThat(mask.apply("secret-number-" + i + "-")).isEqualTo("***");
    }
  }

  @Property
  void noKnownValueSurvives(
      @ForAll @StringLength(min = 4, max = 40) String secret,
      @ForAll String before,
      @ForAll String after) {
    var value = secret.strip();
    if (value.length() < Mask.SHORTEST || "***".contains(value) || value.contains("*")) {
      return;
    }
    mask.learn(secret);

    assertThat(mask.apply("<" + value + ">")).isEqualTo("<***>");
    assertThat(mask.apply("<" + URLEncoder.encode(value, UTF_8) + ">")).isEqualTo("<***>");
    assertThat(mask.apply(before + value + after)).contains("***");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
