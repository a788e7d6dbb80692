package io.nexus.heartbeat.operator.kubelet;

import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.net.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/** Speaks TLS on loopback as a kubelet does, and answers as it is told. */
public final class KubeletStandIn implements AutoCloseable {
  static final CertificateAuthority CLUSTER = CertificateAuthority.named("cluster-ca");
  public static final TlsSettings TRUST =
      new TlsSettings(new TlsSettings.Ca(CLUSTER.pem(), "the test"), null, TlsSettings.Verify.FULL);

  private final ScriptedServer server;
  private final int port;

  KubeletStandIn(Script script) {
    this("127.0.0.1", script);
  }

  /**
   * @param name whom its certificate is for
   */
  KubeletStandIn(String name, Script script) {
    this(CLUSTER.issue(name).listen(), script);
  }

  private KubeletStandIn(ServerSocket listening, Script script) {
    server = new ScriptedServer(listening, script);
    port = server.port();
  }

  /** As a kubelet 1.36 once did, at an address that is not loopback. */
  public static KubeletStandIn at(InetAddress address) {
    return new KubeletStandIn(
        CLUSTER.issue(address.getHostAddress()).listen(address),
        telling(SummaryReaderTest.recorded()));
  }

  static Script telling(String body) {
    return telling("200 OK", body);
  }

  static Script telling(String status, String body) {
    return peer ->
        ScriptedServer.write(
            peer,
            "HTTP/1.1 %s\r\nDate: Tue, 24 Nov 2026 12:46:10 GMT\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.length(), body));
  }

  public int port() {
    return port;
  }

  /** The heads of what it was asked. */
  public List<String> requests() {
    return server.requests();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
