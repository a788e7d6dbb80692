package io.nexus.heartbeat.check;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.nexus.heartbeat.net.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
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
  private final CompletableFuture<Channel> secured = new CompletableFuture<>();
  private final StringBuilder firstLine = new StringBuilder();
  private long received;
  private boolean encrypted;
  private volatile boolean connected;
  private volatile @Nullable Throwable broken;
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

  /** When hands are shaken, or could not be; at once without TLS. */
  CompletableFuture<Channel> secured() {
    return secured;
  }

  /** What TLS failed by, once there was somebody to shake hands with. */
  @Nullable Throwable unsecured() {
    return connected && secured.isCompletedExceptionally() ? secured.exceptionNow() : broken;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline.closing(() -> context.channel().close());
    var tls = context.pipeline().get(SslHandler.class);
    encrypted = tls != null;
    if (tls == null) {
      secured.complete(context.channel());
      return;
    }
    context.pipeline().addAfter(context.pipeline().context(tls).name(), null, new AfterTls());
    tls.handshakeFuture()
        .addListener(
            shaken -> {
              if (shaken.isSuccess()) {
                secured.complete(context.channel());
              } else {
                secured.completeExceptionally(
                    shaken.cause() instanceof SSLException failure
                        ? failure
                        : new SSLException(shaken.cause()));
              }
            });
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    connected = true;
    super.channelActive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      if (received < MAX_LINE && !encrypted) {
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

  /** In TLS 1.3 the server refuses us only after our side of the handshake is done. */
  private final class AfterTls extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken = broken == null ? cause : broken;
      context.fireExceptionCaught(cause);
    }
  }
}
