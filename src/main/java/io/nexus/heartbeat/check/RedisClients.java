package io.nexus.heartbeat.check;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The few threads that all Redis checks of the process share. They start with the first check, so
 * that a process without Redis never pays for them, and end with {@link #close}.
 */
public final class RedisClients implements AutoCloseable {
  private static final int IO_THREADS = 1;

  private @Nullable ClientResources resources;
  private @Nullable MultiThreadIoEventLoopGroup loop;
  private boolean closed;

  synchronized ClientResources resources() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (resources == null) {
      loop =
          new MultiThreadIoEventLoopGroup(
              IO_THREADS, new DefaultThreadFactory("redis", true), NioIoHandler.newFactory());
      resources =
          DefaultClientResources.builder()
              .eventLoopGroupProvider(new OneLoop(loop))
              .eventExecutorGroup(loop)
              .commandLatencyRecorder(CommandLatencyRecorder.disabled())
              // No name is ever looked up by Netty: addresses come from the Dialer.
              .addressResolverGroup(NoopAddressResolverGroup.INSTANCE)
              .build();
    }
    return resources;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (resources != null && loop != null) {
      resources.shutdown(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
    resources = null;
    loop = null;
  }

  /**
   * Lettuce's own provider counts its users and stops the threads with the last of them, which
   * would be at the end of every check.
   */
  private record OneLoop(MultiThreadIoEventLoopGroup loop) implements EventLoopGroupProvider {
    @Override
    @SuppressWarnings("unchecked")
    public <T extends io.netty.channel.EventLoopGroup> T allocate(Class<T> type) {
      return (T) loop;
    }

    @Override
    public int threadPoolSize() {
      return IO_THREADS;
    }

    @Override
    public Future<Boolean> release(
        EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
      return done();
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
      return done();
    }

    private static Future<Boolean> done() {
      Promise<Boolean> promise = ImmediateEventExecutor.INSTANCE.newPromise();
      return promise.setSuccess(true);
    }
  }
}
