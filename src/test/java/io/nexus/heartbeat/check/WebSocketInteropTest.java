package io.nexus.heartbeat.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a WebSocket server that somebody else wrote: Netty's, which checks what we send. */
class WebSocketInteropTest {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private Channel server;

  /** Pings, greets, and answers well only who has answered its ping. */
  private static final class Gateway extends SimpleChannelInboundHandler<WebSocketFrame> {
    private boolean ponged;

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof HandshakeComplete) {
        context.write(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[125])));
        context.writeAndFlush(
            new TextWebSocketFrame("{\"type\":\"event\",\"event\":\"connected\"}"));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      switch (frame) {
        case PongWebSocketFrame pong -> ponged = pong.content().readableBytes() == 125;
        case TextWebSocketFrame text ->
            context.writeAndFlush(new TextWebSocketFrame(text.text() + " ok " + ponged));
        default -> throw new IllegalStateException(frame.toString());
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    server =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(65536),
                            new WebSocketServerProtocolHandler(
                                "/ws", "nexus", false, 65536, false, false, false),
                            new Gateway());
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .sync()
            .channel();
  }

  @AfterEach
  void stop() {
    server.close();
    loop.shutdownGracefully();
  }

  @Test
  void theTwoUnderstandEachOther() throws Exception {
    var port = ((InetSocketAddress) server.localAddress()).getPort();
    var gateway = WebSocketProbing.at("ws://gateway.test:" + port + "/ws").subprotocol("nexus");

    assertThat(gateway.expecting("connected").sending("x".repeat(8000), "ok true").words())
        .isEqualTo("Up");
  }
}
