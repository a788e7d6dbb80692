package io.nexus.heartbeat.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Buttons under one message. They carry one random value, of which only the hash is kept, and one
 * of them may be pressed once.
 *
 * @param nonce The SHA-256 of what they carry, in hexadecimal.
 * @param bot The bot that sent them, as a hash of its API's address and its token.
 * @param chat The chat that they are in.
 * @param step The step that one of them approves; absent: none does.
 * @param acknowledges One of them acknowledges the incident.
 * @param until Until when one may be pressed.
 */
@Wire
public record Keyboard(
    String nonce,
    String bot,
    String chat,
    @Nullable String step,
    boolean acknowledges,
    @Timestamp Instant until) {}
