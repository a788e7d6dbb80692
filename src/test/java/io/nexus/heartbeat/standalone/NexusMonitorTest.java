package io.nexus.heartbeat.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nexus.heartbeat.api.Recovery;
import io.nexus.heartbeat.api.Rung;
import io.nexus.heartbeat.api.SystemdRestart;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.ValueFrom;
import io.nexus.heartbeat.api.validation.MonitorFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NexusMonitorTest {
  private static final String REDIS = "redis://localhost:6379/0";

  @Test
  void whatIsNotConfiguredIsOptional() throws Exception {
    var built = NexusMonitor.of(options(REDIS, null));

    var targets = built.monitor().getSpec().targets();
    assertThat(targets)
        .extracting(Target::name)
        .containsExactly(
            "gateway",
            "gateway-events",
            "redis",
            "postgres",
            "agents",
            "budget",
            "ollama",
            "gpu",
            "disk");
    assertThat(targets.stream().filter(target -> !target.optional()))
        .extracting(Target::name)
        .containsExactly("gateway", "redis", "disk");
    assertThat(built.environment()).isEmpty();
    assertThat(built.monitor().getSpec().interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(built.monitor().getSpec().recovery().mode()).isEqualTo(Recovery.Mode.Auto);
    assertThat(built.monitor().getSpec().alerts().receivers()).isEmpty();
    assertThat(target(built, "gateway").repair()).isEmpty();
  }

  @Test
  void aDatabaseThatIsConfiguredIsWatchedForReal() throws Exception {
    var built = NexusMonitor.of(options(REDIS, "postgresql://nexus@localhost/nexus"));

    for (var name : new String[] {"postgres", "agents", "budget"}) {
      assertThat(target(built, name).optional()).as(name).isFalse();
    }
    assertThat(built.environment())
        .containsEntry("DATABASE_URL", "postgresql://nexus@localhost/nexus");
  }

  @Test
  void whatIsPrintedIsAFileForAHostThatSaysTheSame() throws Exception {
    var built =
        NexusMonitor.of(
            new NexusOptions(
                Duration.ofSeconds(7),
                "https://u:gate%20way@gw:8443/base/",
                "redis://app:p%23ss@cache:6380/2",
                "postgresql+asyncpg://nexus:da#ta/ba@se%@db:5433/nexus?sslmode=require",
                "http://models:11434",
                5000,
                true,
                "123456:ABC-DEF",
                "-100200",
                false,
                "gw@1.service",
                Path.of("/srv/nexus \"1\"")));

    var read = MonitorFile.parse("printed.yaml", built.yaml());
    assertThat(read.findings()).isEmpty();
    assertThat(read.hostOnly()).isNotEmpty();
    assertThat(read.monitors().getFirst().getSpec()).isEqualTo(built.monitor().getSpec());
    assertThat(built.yaml())
        .doesNotContain("gate way", "gate%20way", "p#ss", "p%23ss", "da#ta", "da%23ta", "ABC-DEF");
    assertThat(built.secrets())
        .contains("gate way", "gate%20way", "p#ss", "p%23ss", "da#ta/ba@se%", "123456:ABC-DEF");
    assertThat(built.environment())
        .containsEntry("REDIS_PASSWORD", "p#ss")
        .containsEntry("GATEWAY_AUTHORIZATION", "Basic dTpnYXRlIHdheQ==")
        .containsEntry(
            "DATABASE_URL", "postgresql://nexus:da%23ta%2Fba%40se%25@db:5433/nexus?sslmode=require")
        .containsEntry("TELEGRAM_BOT_TOKEN", "123456:ABC-DEF");
    var http = Objects.requireNonNull(target(built, "gateway").http());
    assertThat(http.url()).isEqualTo("https://gw:8443/base/health");
    var redis = Objects.requireNonNull(target(built, "redis").redis());
    assertThat(redis.url()).isEqualTo("redis://cache:6380/2");
    assertThat(redis.username()).isEqualTo("app");
    assertThat(redis.passwordFrom()).isEqualTo(ValueFrom.env("REDIS_PASSWORD"));
    assertThat(Objects.requireNonNull(target(built, "disk").disk()).path())
        .isEqualTo("/srv/nexus \"1\"");
    assertThat(built.monitor().getSpec().recovery().mode()).isEqualTo(Recovery.Mode.Disabled);
    assertThat(target(built, "gateway").repair())
        .extracting(Rung::systemdRestart)
        .containsExactly(new SystemdRestart("gw@1.service"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "redis://h:1/0 | `` | `` | h:1/0",
        "redis://:pw@h:1/0 | `` | pw | h:1/0",
        "redis://u:pw@h | u | pw | h",
        "redis://u@h | u | `` | h",
        "redis://:p#w@h/0 | `` | p#w | h/0",
        "redis://:p/w@h/0 | `` | p/w | h/0",
        "redis://:p@w@h/0 | `` | p@w | h/0",
        "redis://:p@w/x@h/0 | `` | p@w/x | h/0",
        "redis://:p?w@h/0 | `` | p?w | h/0",
        "redis://:p%w@h/0 | `` | p%w | h/0",
        "redis://:p w@h/0 | `` | p w | h/0",
        "redis://:p%23%2F%40%25%20w@h/0 | `` | p#/@% w | h/0",
        "redis://:%C3%BC@[::1]:6379/0 | `` | ü | [::1]:6379/0",
        "redis-sentinel://:p/w@s1:1,[::1]:2/0#m | `` | p/w | s1:1,[::1]:2/0#m",
        "redis-cluster://n1,n2 | `` | `` | n1,n2",
        "postgresql://h/d?options=a@b | `` | `` | h/d?options=a@b",
        "postgresql://u:p@h/d?options=a@b | u | p | h/d?options=a@b",
      })
  void aPasswordIsFoundHoweverItIsWritten(String url, String user, String password, String place) {
    var parsed = LoginUrl.of(url);
    assertThat(parsed.user()).isEqualTo(user);
    assertThat(parsed.password()).isEqualTo(password);
    assertThat(parsed.place()).isEqualTo(place);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis-sentinel://:p%23w@s1:26379,s2/0#mymaster|redis-sentinel://s1:26379,s2/0#mymaster",
        "rediss-cluster://:p#w@n1:7000,n2:7001|rediss-cluster://n1:7000,n2:7001"
      })
  void sentinelsAndAClusterAreTakenAsRedis(String url, String written) throws Exception {
    var built = NexusMonitor.of(options(url, null));
    assertThat(Objects.requireNonNull(target(built, "redis").redis()).url()).isEqualTo(written);
    assertThat(built.environment()).containsEntry("REDIS_PASSWORD", "p#w");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "unix:///tmp/s3cr3t.sock",
        "redis://h/0?password=s3cr3t",
        "redis://:12/s3cr3t@x y"
      })
  void aUrlThatCannotBeReadIsRefusedWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> NexusMonitor.of(options(url, null)))
        .isInstanceOf(NexusMonitor.Wrong.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t").contains("redis"));
  }

  @Test
  void telegramNeedsItsTokenAndItsChat() {
    for (var missing :
        new String[][] {{null, "1", "--telegram-token"}, {"1:a", " ", "--telegram-chat-id"}}) {
      assertThatThrownBy(() -> NexusMonitor.of(telegram(missing[0], missing[1])))
          .hasMessageContaining("--enable-telegram needs")
          .hasMessageContaining(missing[2]);
    }
    assertThatThrownBy(() -> NexusMonitor.of(telegram("1:a", "my chat")))
        .hasMessageContaining("chatId");
  }

  @Test
  void aUnitThatCannotBeOneIsRefused() {
    assertThatThrownBy(() -> NexusMonitor.of(restarting("--user")))
        .isInstanceOf(NexusMonitor.Wrong.class)
        .hasMessageContaining("systemdRestart.unit");
  }

  @Test
  void aBudgetOfZeroIsNone() throws Exception {
    var none = options(REDIS, null, 0, null, null);
    assertThat(NexusMonitor.of(none).monitor().getSpec().targets())
        .extracting(Target::name)
        .doesNotContain("budget");
  }

  private static Target target(NexusMonitor built, String name) {
    return built.monitor().getSpec().targets().stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static NexusOptions options(String redis, @Nullable String postgres) {
    return options(redis, postgres, 1_000_000, null, null);
  }

  private static NexusOptions restarting(String unit) {
    var none = options(REDIS, null, 1, null, null);
    return new NexusOptions(
        none.interval(),
        none.gatewayUrl(),
        none.redisUrl(),
        none.postgresUrl(),
        none.ollamaUrl(),
        none.dailyTokens(),
        false,
        null,
        null,
        true,
        unit,
        none.disk());
  }

  private static NexusOptions telegram(@Nullable String token, @Nullable String chat) {
    var none = options(REDIS, null, 1, token, chat);
    return new NexusOptions(
        none.interval(),
        none.gatewayUrl(),
        none.redisUrl(),
        none.postgresUrl(),
        none.ollamaUrl(),
        none.dailyTokens(),
        true,
        token,
        chat,
        true,
        null,
        none.disk());
  }

  private static NexusOptions options(
      String redis,
      @Nullable String postgres,
      long tokens,
      @Nullable String token,
      @Nullable String chat) {
    return new NexusOptions(
        Duration.ofSeconds(30),
        "http://localhost:8000",
        redis,
        postgres,
        null,
        tokens,
        false,
        token,
        chat,
        true,
        null,
        Path.of("/"));
  }
}
