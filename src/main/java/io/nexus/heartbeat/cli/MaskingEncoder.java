package io.nexus.heartbeat.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.nexus.heartbeat.secret.Mask;

/** The one exit of the log: no known secret passes, whoever logged it, stack traces included. */
final class MaskingEncoder extends EncoderBase<ILoggingEvent> {
  private final Encoder<ILoggingEvent> encoder;
  private final Mask mask;

  MaskingEncoder(Encoder<ILoggingEvent> encoder, Mask mask) {
    this.encoder = encoder;
    this.mask = mask;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return mask.apply(new String(encoder.encode(event), UTF_8)).getBytes(UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return encoder.headerBytes();
  }

  @Override
  public byte[] footerBytes() {
    return encoder.footerBytes();
  }
}
