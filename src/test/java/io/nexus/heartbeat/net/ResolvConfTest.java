package io.nexus.heartbeat.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfTest {
  @TempDir private Path directory;

  private final AtomicLong nanoTime = new AtomicLong();
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("resolv.conf");
  }

  @Test
  void serversSearchPathAndDotsAreRead() throws Exception {
    write(
        """
        # by hand
        nameserver 10.0.0.1
        nameserver fd00::1
        search a.test b.test
        options timeout:1 ndots:5
        """);
    var settings = conf().settings();
    assertThat(settings.servers())
        .extracting(InetSocketAddress::getAddress)
        .containsExactly(Literals.parse("10.0.0.1"), Literals.parse("fd00::1"));
    assertThat(settings.search()).containsExactly("a.test.", "b.test.");
    assertThat(settings.ndots()).isEqualTo(5);
    assertThat(Scope.searching(conf()).candidates("db"))
        .containsExactly("db.a.test.", "db.b.test.", "db");
  }

  @Test
  void withoutAFileThisMachineIsAsked() {
    assertThat(server(conf())).isEqualTo("127.0.0.1");
  }

  @Test
  void aChangeIsSeenAfterAFewSecondsAndNotLookedForBefore() throws Exception {
    write("nameserver 10.0.0.1\n");
    var conf = conf();
    write("nameserver 10.0.0.22\n");
    assertThat(server(conf)).isEqualTo("10.0.0.1");
    pass();
    assertThat(server(conf)).isEqualTo("10.0.0.22");
  }

  @Test
  void aChangeThatKeepsTimeAndSizeIsSeenByTheFileBeingAnother() throws Exception {
    var then = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    write("nameserver 10.0.0.1\n");
    Files.setLastModifiedTime(file, then);
    var conf = conf();
    var other = Files.writeString(directory.resolve("new"), "nameserver 10.0.0.2\n");
    Files.setLastModifiedTime(other, then);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    pass();
    assertThat(server(conf)).isEqualTo("10.0.0.2");
  }

  @Test
  void aFileThatIsBeingWrittenOrGoneChangesNothingYet() throws Exception {
    write("nameserver 10.0.0.1\nsearch a.test\n");
    var conf = conf();
    write("# half\n");
    pass();
    assertThat(server(conf)).isEqualTo("10.0.0.1");
    Files.delete(file);
    pass();
    assertThat(server(conf)).isEqualTo("10.0.0.1");
    assertThat(conf.settings().search()).containsExactly("a.test.");
    write("nameserver 10.0.0.2\n");
    pass();
    assertThat(server(conf)).isEqualTo("10.0.0.2");
    assertThat(conf.settings().search()).isEmpty();
  }

  private ResolvConf conf() {
    return new ResolvConf(file, nanoTime::get);
  }

  private void pass() {
    nanoTime.addAndGet(ResolvConf.PAUSE.toNanos());
  }

  private void write(String text) throws Exception {
    Files.writeString(file, text);
  }

  private static String server(ResolvConf conf) {
    return conf.settings().servers().getFirst().getAddress().getHostAddress();
  }
}
