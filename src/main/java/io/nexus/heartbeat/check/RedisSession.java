package io.nexus.heartbeat.check;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import io.nexus.heartbeat.net.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** One connection to one address, for one check. Nothing is sent that was not asked for. */
final class RedisSession implements AutoCloseable {
  private final RedisClient client;
  private final RedisURI uri;
  private final RedisWire wire;
  private final Deadline deadline;
  private @Nullable StatefulRedisConnection<String, String> connection;

  /**
   * @param name in SNI and certificate
   * @param trust absent: no TLS
   */
  RedisSession(
      RedisClients clients,
      InetSocketAddress address,
      String name,
      @Nullable X509TrustManager trust,
      Deadline deadline)
      throws IOException {
    this.wire = new RedisWire(deadline);
    this.deadline = deadline;
    var left = Duration.ofMillis(deadline.remainingMillis());
    uri =
        RedisURI.builder()
            .withHost(name)
            .withPort(address.getPort())
            .withSsl(trust != null)
            .withVerifyPeer(trust == Trust.ANYONE ? SslVerifyMode.NONE : SslVerifyMode.FULL)
            .withTimeout(left)
            .withLibraryName("")
            .withLibraryVersion("")
            .build();
    client = RedisClient.create(new RedisResources(clients.resources(), address, wire), uri);
    var options =
        ClientOptions.builder()
            .autoReconnect(false)
            .pingBeforeActivateConnection(false)
            // RESP2 has no handshake and no push messages that could send us elsewhere.
            .protocolVersion(ProtocolVersion.RESP2)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(SocketOptions.builder().connectTimeout(left).build())
            .timeoutOptions(TimeoutOptions.create());
    if (trust != null) {
      options.sslOptions(
          SslOptions.builder()
              .jdkSslProvider()
              .handshakeTimeout(left)
              .trustManager(new Given(trust))
              .build());
    }
    client.setOptions(options.build());
  }

  void connect() throws IOException, InterruptedException, ExecutionException {
    connection = await(client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture());
  }

  RedisAsyncCommands<String, String> commands() {
    if (connection == null) {
      throw new IllegalStateException("not connected");
    }
    return connection.async();
  }

  RedisWire wire() {
    return wire;
  }

  /** The answer, or the time-out; the wait costs a virtual thread only. */
  <T> T await(CompletionStage<T> answer)
      throws IOException, InterruptedException, ExecutionException {
    Future<T> future = answer.toCompletableFuture();
    try {
      return future.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new SocketTimeoutException("timed out");
    }
  }

  @Override
  public void close() {
    // Not awaited: the event loop closes the socket at once, whatever the peer does.
    var _ = client.shutdownAsync(0, 0, TimeUnit.SECONDS);
  }

  /** Netty takes trust only from a factory. */
  private static final class Given extends SimpleTrustManagerFactory {
    private final X509TrustManager trust;

    Given(X509TrustManager trust) {
      this.trust = trust;
    }

    @Override
    protected void engineInit(@Nullable KeyStore store) {}

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {}

    @Override
    protected TrustManager[] engineGetTrustManagers() {
      return new TrustManager[] {trust};
    }
  }
}
