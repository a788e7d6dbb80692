package io.nexus.heartbeat.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.api.validation.MonitorFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeersTest {
  @Test
  void whatIsReachedAcrossTheNetworkHasAHost() {
    var file =
        MonitorFile.parse(
            "m.yaml",
            """
            apiVersion: heartbeat.nexus.io/v1alpha1
            kind: HeartbeatMonitor
            metadata: {name: m}
            spec:
              targets:
              - {name: url, http: {url: 'http://gateway:8000/health?x=1'}}
              - {name: service, http: {service: {name: web, port: 80}}}
              - {name: redis, redis: {url: 'redis://redis:6379/0'}}
              - {name: sentinels, redis: {url: 'redis-sentinel://s1:26379,s2:26379/0#mymaster'}}
              - {name: postgres, postgres: {host: db, user: nexus}}
              - {name: secret, postgres: {urlFrom: {secretKeyRef: {name: a, key: b}}}}
              - {name: tcp, tcp: {host: mail, port: 25}}
              - {name: ipv6, grpc: {url: 'http://[::1]:50051'}}
              - {name: agents, agents: {database: postgres, stuckAfter: 5m}}
              - {name: job, push: {every: 24h, tokenFrom: {secretKeyRef: {name: a, key: b}}}}
            """);
    assertThat(file.findings()).isEmpty();
    Map<String, Optional<String>> hosts = new LinkedHashMap<>();
    file.monitors()
        .getFirst()
        .getSpec()
        .targets()
        .forEach(target -> hosts.put(target.name(), Peers.host(target)));
    assertThat(hosts)
        .containsEntry("url", Optional.of("gateway"))
        .containsEntry("service", Optional.of("web"))
        .containsEntry("redis", Optional.of("redis"))
        .containsEntry("sentinels", Optional.of("s1:26379,s2"))
        .containsEntry("postgres", Optional.of("db"))
        .containsEntry("secret", Optional.of("the database of secret"))
        .containsEntry("tcp", Optional.of("mail"))
        .containsEntry("ipv6", Optional.of("[::1]"))
        .containsEntry("agents", Optional.empty())
        .containsEntry("job", Optional.empty());
  }
}
