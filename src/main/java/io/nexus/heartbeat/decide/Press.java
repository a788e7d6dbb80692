package io.nexus.heartbeat.decide;

import io.nexus.heartbeat.api.Order;

/**
 * Somebody has pressed a button under a message.
 *
 * @param nonce the SHA-256 of what the button carries, in hexadecimal
 * @param bot as in {@link io.nexus.heartbeat.api.Keyboard}
 * @param chat where
 * @param messageId under which message
 * @param order what the button says
 * @param user who, by the provider's id
 */
public record Press(
    String nonce, String bot, String chat, String messageId, Order order, String user) {
  /** Who gives the order, as it is written down. */
  String by() {
    return "telegram:" + user;
  }
}
