package io.nexus.heartbeat.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexus.heartbeat.api.Keyboard;
import io.nexus.heartbeat.api.Order;
import io.nexus.heartbeat.decide.Choices;
import io.nexus.heartbeat.decide.Notice;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * 128 random bits that the buttons under one message carry. Who does not know them has no button;
 * they are kept nowhere but under the message.
 */
final class Nonce {
  /** Older buttons do nothing, as Telegram keeps presses that nobody asks for so long at most. */
  static final Duration LASTS = Duration.ofHours(24);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  // At most 64 bytes (core.telegram.org/bots/api#inlinekeyboardbutton).
  private static final String MARK = "heartbeat";
  private static final Pattern DATA = Pattern.compile(MARK + ":([a-z-]{1,10}):([A-Za-z0-9_-]{22})");

  // What fits on a telephone.
  private static final int LONGEST_LABEL = 60;

  private final String value;

  private Nonce(String value) {
    this.value = value;
  }

  static Nonce fresh() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new Nonce(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** What a button says, by what it carries. */
  record Said(Order order, String hash) {}

  /** Empty: it is no button of ours. */
  static Optional<Said> read(String data) {
    return Optional.of(DATA.matcher(data))
        .filter(Matcher::matches)
        .flatMap(
            match ->
                Order.named(match.group(1)).map(order -> new Said(order, hash(match.group(2)))));
  }

  ObjectNode buttons(Choices choices) {
    var markup = JSON.createObjectNode();
    var rows = markup.putArray("inline_keyboard");
    if (choices.step() != null) {
      rows.addArray().add(button("✅ Approve: " + choices.action(), Order.Approve));
    }
    if (choices.acknowledge()) {
      rows.addArray().add(button("👀 Acknowledge", Order.Ack));
    }
    return markup;
  }

  private ObjectNode button(String label, Order order) {
    return JSON.createObjectNode()
        .put("text", MessageText.line(label, LONGEST_LABEL))
        .put("callback_data", MARK + ":" + order.word() + ":" + value);
  }

  Keyboard keyboard(String bot, String chat, Notice notice) {
    var choices = notice.choices();
    return new Keyboard(
        hash(value),
        bot,
        chat,
        choices.step(),
        choices.acknowledge(),
        notice.news().getLast().at().plus(LASTS));
  }

  static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Not what it is: whoever knows it can press. */
  @Override
  public String toString() {
    return "nonce";
  }
}
