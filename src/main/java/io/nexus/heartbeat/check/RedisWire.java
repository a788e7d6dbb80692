package io.nexus.heartbeat.check;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nexus.heartbeat.net.Deadline;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Stands where the bytes come in: closes with the deadline, counts, and remembers the line with
 * which a server sends a client away before it was asked anything.
 */
final class RedisWire extends ChannelInboundHandlerAdapter {
  /** INFO of an honest server is some 5 KiB. */
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_LINE = 200;

  private final Deadline deadline;
  private final StringBuilder firstLine = new StringBuilder();
  private long received;
  private volatile boolean oversized;
  private volatile @Nullable String turnedAway;

  RedisWire(Deadline deadline) {
    this.deadline = deadline;
  }

  /** More came than is read. */
  boolean oversized() {
    return oversized;
  }

  /** The first line received when it was an error, such as "-ERR max number of clients reached". */
  @Nullable String turnedAway() {
    return turnedAway;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline.closing(() -> context.channel().close());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      if (received < MAX_LINE) {
        firstLine.append(
            bytes.toString(
                bytes.readerIndex(),
                Math.min(MAX_LINE, bytes.readableBytes()),
                StandardCharsets.ISO_8859_1));
        var end = firstLine.indexOf("\r\n");
        if (end > 0 && firstLine.charAt(0) == '-') {
          turnedAway = firstLine.substring(1, end);
        }
      }
      received += bytes.readableBytes();
    }
    if (received > MAX_BYTES) {
      oversized = true;
      ReferenceCountUtil.release(message);
      context.close();
      return;
    }
    super.channelRead(context, message);
  }
}
