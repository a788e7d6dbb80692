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
import io.nexus.heartbeat.net.Tls;
import io.nexus.heartbeat.net.TlsSettings;
import io.nexus.heartbeat.net.TlsSettings.Verify;
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
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
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
      Clients clients,
      InetSocketAddress address,
      String name,
      @Nullable TlsSettings trust,
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
            .withVerifyPeer(
                trust != null && trust.verify() == Verify.NOTHING
                    ? SslVerifyMode.NONE
                    : SslVerifyMode.FULL)
            .withTimeout(left)
            .withLibraryName("")
            .withLibraryVersion("")
            .build();
    client =
        RedisClient.create(new RedisResources(clients.redis().resources(), address, wire), uri);
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
              // Ours is the deadline: the driver has other words for a time-out of its own.
              .handshakeTimeout(left.plusSeconds(1))
              .trustManager(new Given(clients.tls().trust(trust)))
              .sslParameters(() -> naming(name))
              .build());
    }
    client.setOptions(options.build());
  }

  private static SSLParameters naming(String name) {
    var parameters = new SSLParameters();
    Tls.name(parameters, name);
    return parameters;
  }

  void connect() throws IOException, InterruptedException, ExecutionException {
    connection = await(client.connectAsync(StringCodec.UTF8, uri));
    // The driver is content before hands are shaken, and later forgets why they could not be.
    await(wire.secured());
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
    private final X509ExtendedTrustManager trust;

    Given(X509ExtendedTrustManager trust) {
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
