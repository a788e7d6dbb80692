package io.nexus.heartbeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A first monitor, from what a host has. */
class InitCommandTest {
  private static final String TOKEN = "123456:ABC-DEF_abcdefghijklmnopqrstuvwxyz";

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path project;
  private Path monitor;

  @BeforeEach
  void place() throws IOException {
    project = Files.createDirectory(directory.resolve("nexus ai"));
    monitor = directory.resolve("etc/monitor.yaml");
    Files.createDirectory(monitor.getParent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "DATABASE_URL=postgresql://nexus:password@127.0.0.1:1/nexus\nTELEGRAM_BOT_TOKEN=your-bot-token\nTELEGRAM_CHAT_ID=your-chat-id\n",
        "DATABASE_URL='postgresql+asyncpg://nexus:s3c#r/3t@p%w @127.0.0.1:1/nexus'\nREDIS_URL=redis://:p#/@% w@127.0.0.1:1/0\n",
        "REDIS_URL=redis-sentinel://:p#/@% w@127.0.0.1:1,127.0.0.1:2/0#mymaster\n",
        "export TELEGRAM_BOT_TOKEN=" + TOKEN + "\nTELEGRAM_CHAT_ID=-1001234\n",
        "TELEGRAM_BOT_TOKEN=" + TOKEN + "\n",
        "DATABASE_URL=\"postgresql://a: {b\\n# - c@127.0.0.1:1/d\"\nREDIS_URL='redis://\"x:y\"@h:1'\n",
      })
  void whatItWritesIsValidAndHoldsNoSecret(String dotEnv) throws Exception {
    Files.writeString(project.resolve(".env"), dotEnv);

    assertThat(init("--project-root", project.toString())).as(err.toString()).isZero();

    assertThat(run("validate", "--for", "host", "-f", monitor.toString()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).doesNotContain("monitor.yaml:");
    assertThat(Files.readString(monitor) + err + out)
        .doesNotContain("s3c#r", "s3c%23r", "p#/@", "ABC-DEF", "nexus:password");
  }

  @Test
  void secretsAreFilesForTheirOwnerAlone() throws Exception {
    Files.writeString(
        project.resolve(".env"),
        "DATABASE_URL=postgresql://nexus:pass@127.0.0.1:1/nexus\nTELEGRAM_BOT_TOKEN="
            + TOKEN
            + "\nTELEGRAM_CHAT_ID=42\n");

    assertThat(init("--project-root", project.toString())).as(err.toString()).isZero();

    var secrets = monitor.resolveSibling("secrets");
    var token = secrets.resolve("nexus/telegram-bot-token");
    assertThat(token).hasContent(TOKEN);
    assertThat(err.toString()).contains("wrote " + token + ", for its owner alone (mode 0600)");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
        .isEqualTo("rwx------");
    try (var all = Files.list(token.getParent())) {
      assertThat(all).as("nothing else is left").hasSize(2);
    }
    assertThat(Files.readString(monitor))
        .contains("chatId: \"42\"", "{secretKeyRef: {name: nexus, key: telegram-bot-token}}");
  }

  @Test
  void itSaysWhatComesNext() throws Exception {
    Files.writeString(project.resolve(".env"), "DATABASE_URL=postgresql://u:pw@127.0.0.1:1/d\n");
    init("--project-root", project.toString());

    var secrets = monitor.resolveSibling("secrets");
    assertThat(out.toString())
        .isEqualTo(
            """
            Next:
              heartbeat validate --for host -f %1$s
              heartbeat doctor -f %1$s --secrets %2$s
              heartbeat check -f %1$s --secrets %2$s
              heartbeat run -f %1$s --secrets %2$s
            """
                .formatted(monitor, secrets));
  }

  @Test
  void theUnitOfTheWatchdogSaysWhatIsWatched() throws Exception {
    Files.writeString(
        directory.resolve("more.env"), "DATABASE_URL=postgresql://u:unit@127.0.0.1:1/d\n");
    var unit = directory.resolve("nexus-heartbeat.service");
    Files.writeString(
        unit,
        """
        [Service]
        WorkingDirectory=%s
        EnvironmentFile=-%s
        Environment="REDIS=redis://127.0.0.1:2/3" PYTHONUNBUFFERED=1
        ExecStart=/srv/.venv/bin/python -m heartbeat.service --check-interval 7 \\
          --gateway-url "http://127.0.0.1:1" --redis-url ${REDIS} --telegram-chat-id $NOWHERE \\
          --enable-recovery --no-such-option
        Restart=always
        """
            .formatted(project, directory.resolve("more.env")));

    assertThat(init("--from", unit.toString())).as(err.toString()).isZero();

    assertThat(Files.readString(monitor))
        .contains(
            "interval: 7s",
            "\"http://127.0.0.1:1/health\"",
            "\"redis://127.0.0.1:2/3\"",
            "path: \"" + project + "\"",
            "written by heartbeat init from " + unit,
            "# It did not answer at 127.0.0.1:1: connection refused. It was configured, so it is required.")
        .doesNotContain("Left out: something", "Left out: nothing");
    assertThat(monitor.resolveSibling("secrets/nexus/database-url"))
        .hasContent("postgresql://u:unit@127.0.0.1:1/d");
    assertThat(run("validate", "--for", "host", "-f", monitor.toString())).isZero();
  }

  /** systemd.exec(5): what the files say wins; systemd.unit(5): %% is a percent sign. */
  @Test
  void aUnitIsReadAsSystemdReadsItDropInsIncluded() throws Exception {
    var file = directory.resolve("unit.env");
    Files.writeString(file, "DATABASE_URL=postgresql://u:file@127.0.0.1:1/d\n");
    var unit = directory.resolve("nexus-heartbeat.service");
    Files.writeString(
        unit,
        """
        [Service]
        EnvironmentFile=%s
        Environment=DATABASE_URL=postgresql://u:unit@127.0.0.1:1/d
        Environment="REDIS_URL=redis://:p%%%%40ss@127.0.0.1:1/0"
        ExecStart=/srv/.venv/bin/python -m heartbeat.service
        """
            .formatted(file));
    var dropIn = Files.createDirectory(directory.resolve("nexus-heartbeat.service.d"));
    Files.writeString(
        dropIn.resolve("override.conf"),
        "[Service]\nExecStart=\nExecStart=python -m heartbeat.service --check-interval 9\n");

    assertThat(init("--from", unit.toString())).as(err.toString()).isZero();

    var secrets = monitor.resolveSibling("secrets/nexus");
    assertThat(secrets.resolve("database-url")).hasContent("postgresql://u:file@127.0.0.1:1/d");
    assertThat(secrets.resolve("redis-password")).hasContent("p@ss");
    assertThat(Files.readString(monitor)).contains("interval: 9s");
  }

  @Test
  void theVariablesOfACrontabAreItsEnvironment() throws Exception {
    var crontab = directory.resolve("crontab");
    Files.writeString(
        crontab,
        """
        DATABASE_URL = "postgresql://u:pw@127.0.0.1:1/d"
        REDIS_URL=redis://127.0.0.1:1/5
        */5 * * * * root systemctl is-active heartbeat.service || true
        */5 * * * * python -m heartbeat.service --once --redis-url 'redis://:a\\%b@127.0.0.1:1/5'
        """);

    assertThat(init("--from", crontab.toString())).as(err.toString()).isZero();

    var secrets = monitor.resolveSibling("secrets/nexus");
    assertThat(secrets.resolve("database-url")).hasContent("postgresql://u:pw@127.0.0.1:1/d");
    assertThat(secrets.resolve("redis-password")).hasContent("a%b");
    Files.writeString(crontab, "*/5 * * * * root systemctl is-active heartbeat.service\n");
    assertThat(init("--force", "--from", crontab.toString())).isEqualTo(78);
  }

  @Test
  void optionsOfWhichOneCannotBeReadAreAllLeftOut() throws Exception {
    var crontab = directory.resolve("crontab");
    Files.writeString(
        crontab,
        "* * * * * python -m heartbeat.service --gateway-url http://127.0.0.1:9/ --check-interval 7.5\n");

    assertThat(init("--from", crontab.toString())).as(err.toString()).isZero();

    assertThat(err.toString()).contains("its options cannot be read and are not used");
    assertThat(Files.readString(monitor)).doesNotContain("127.0.0.1:9/");
  }

  /** Root may write where a user has planted links. */
  @Test
  void secretsAreNotWrittenThroughALinkAndAMonitorTakesItsPlace() throws Exception {
    Files.writeString(project.resolve(".env"), "DATABASE_URL=postgresql://u:pw@127.0.0.1:1/d\n");
    var elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    var secrets = Files.createDirectory(monitor.resolveSibling("secrets"));
    Files.createSymbolicLink(secrets.resolve("nexus"), elsewhere);

    assertThat(init("--project-root", project.toString())).isEqualTo(73);

    assertThat(err.toString()).contains("it is a link").doesNotContain("\tat ");
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(monitor).doesNotExist();

    Files.delete(secrets.resolve("nexus"));
    var other = Files.writeString(elsewhere.resolve("other"), "mine");
    Files.createSymbolicLink(monitor, other);
    assertThat(init("--force", "--project-root", project.toString())).as("" + err).isZero();
    assertThat(other).hasContent("mine");
    assertThat(monitor).isRegularFile();
    assertThat(Files.isSymbolicLink(monitor)).isFalse();
  }

  @Test
  void aSecretThatIsReplacedStaysReadableForWhoCouldReadIt() throws Exception {
    Files.writeString(project.resolve(".env"), "DATABASE_URL=postgresql://u:pw@127.0.0.1:1/d\n");
    var secret = monitor.resolveSibling("secrets/nexus/database-url");
    Files.createDirectories(secret.getParent());
    Files.writeString(secret, "old");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(init("--force", "--project-root", project.toString())).as("" + err).isZero();

    assertThat(secret).hasContent("postgresql://u:pw@127.0.0.1:1/d");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void aLineOfACrontabDoesToo() throws Exception {
    var crontab = directory.resolve("crontab");
    Files.writeString(
        crontab,
        """
        # m h dom mon dow command
        0 3 * * * backup --redis-url redis://127.0.0.1:9/9
        */5 * * * * cd '%s' && .venv/bin/python -m heartbeat.service --once --redis-url redis://127.0.0.1:1/4 >> logs/cron.log 2>&1
        """
            .formatted(project));

    assertThat(init("--from", crontab.toString())).as(err.toString()).isZero();

    assertThat(Files.readString(monitor)).contains("redis://127.0.0.1:1/4").doesNotContain("9/9");
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws Exception {
    Files.writeString(monitor, "mine");
    assertThat(init()).isEqualTo(73);
    assertThat(err.toString()).contains("is there already", "--force").doesNotContain("\tat ");
    assertThat(monitor).hasContent("mine");

    assertThat(init("--force")).isZero();
    assertThat(Files.readString(monitor)).contains("kind: HeartbeatMonitor");
  }

  @Test
  void aSecretThatIsThereIsNotWrittenOverAndThenNothingIs() throws Exception {
    Files.writeString(project.resolve(".env"), "DATABASE_URL=postgresql://u:pw@127.0.0.1:1/d\n");
    var secret = monitor.resolveSibling("secrets/nexus/database-url");
    Files.createDirectories(secret.getParent());
    Files.writeString(secret, "mine");

    assertThat(init("--project-root", project.toString())).isEqualTo(73);

    assertThat(secret).hasContent("mine");
    assertThat(monitor).doesNotExist();
  }

  @Test
  void aFileThatStartsNoWatchdogIsAMistake() throws Exception {
    var unit = directory.resolve("other.service");
    Files.writeString(unit, "[Service]\nExecStart=/bin/true\n");
    assertThat(init("--from", unit.toString())).isEqualTo(78);
    assertThat(init("--from", unit + ".none")).isEqualTo(78);
    assertThat(init("--project-root", unit + ".none")).isEqualTo(64);
    assertThat(err.toString())
        .contains("there is no such file", "--project-root: there is no directory")
        .doesNotContain("\tat ");
    assertThat(monitor).doesNotExist();
  }

  private int init(String... more) {
    return run(
        Stream.concat(Stream.of("init", "-o", monitor.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private int run(String... args) {
    return Typed.run(out, err, args);
  }
}
