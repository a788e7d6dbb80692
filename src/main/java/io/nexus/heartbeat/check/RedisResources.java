package io.nexus.heartbeat.check;

import io.lettuce.core.RedisURI;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.event.EventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.lettuce.core.tracing.Tracing;
import io.netty.channel.Channel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The shared threads with one check's own address and wire: Lettuce connects to the vetted address
 * whatever the url's host is, which stays the name for SNI and certificate.
 *
 * <p>By delegation, because each {@code mutate()} of Lettuce's own leaves a finalizer behind that
 * warns of a missing shutdown.
 */
record RedisResources(ClientResources shared, InetSocketAddress address, RedisWire wire)
    implements ClientResources {

  @Override
  public SocketAddressResolver socketAddressResolver() {
    return new SocketAddressResolver() {
      @Override
      public SocketAddress resolve(RedisURI uri) {
        return address;
      }
    };
  }

  @Override
  public NettyCustomizer nettyCustomizer() {
    return new NettyCustomizer() {
      @Override
      public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(wire);
      }
    };
  }

  @Override
  public Future<Boolean> shutdown() {
    return shutdown(0, 0, TimeUnit.SECONDS);
  }

  /** The threads are not this check's to stop. */
  @Override
  public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
  }

  @Override
  public Builder mutate() {
    return shared.mutate();
  }

  @Override
  public AddressResolverGroup<?> addressResolverGroup() {
    return shared.addressResolverGroup();
  }

  @Override
  public EventPublisherOptions commandLatencyPublisherOptions() {
    return shared.commandLatencyPublisherOptions();
  }

  @Override
  public CommandLatencyRecorder commandLatencyRecorder() {
    return shared.commandLatencyRecorder();
  }

  @Override
  public int computationThreadPoolSize() {
    return shared.computationThreadPoolSize();
  }

  @Override
  public EventBus eventBus() {
    return shared.eventBus();
  }

  @Override
  public EventLoopGroupProvider eventLoopGroupProvider() {
    return shared.eventLoopGroupProvider();
  }

  @Override
  public EventExecutorGroup eventExecutorGroup() {
    return shared.eventExecutorGroup();
  }

  @Override
  public int ioThreadPoolSize() {
    return shared.ioThreadPoolSize();
  }

  @Override
  public Delay reconnectDelay() {
    return shared.reconnectDelay();
  }

  @Override
  public Timer timer() {
    return shared.timer();
  }

  @Override
  public Tracing tracing() {
    return shared.tracing();
  }
}
