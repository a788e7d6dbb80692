package io.nexus.heartbeat.check;

import static io.nexus.heartbeat.net.ScriptedServer.answering;
import static io.nexus.heartbeat.net.ScriptedServer.running;
import static io.nexus.heartbeat.net.ScriptedServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.nexus.heartbeat.net.CertificateAuthority;
import io.nexus.heartbeat.net.ScriptedServer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRedirectTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void toAnotherPathOfTheSameServerItIsFollowedWithTheSecretAndTheBody(int status)
      throws Exception {
    try (var server = moving(status, "/new")) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/old");
      assertThat(http.withSecret().posting("{}").words()).isEqualTo("Up");
      var second = server.requests().getLast();
      var keeps = status == 307 || status == 308;
      assertThat(second).startsWith((keeps ? "POST" : "GET") + " /new ").contains("X-Key: s3cr3t");
      assertThat(second.contains("Content-Length: 2")).isEqualTo(keeps);
    }
  }

  @Test
  void whatIsLookedForIsNotFollowed() throws Exception {
    try (var server = moving(302, "/new")) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/old");
      assertThat(http.expecting("302").words()).isEqualTo("Up");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aCircleEndsAfterFiveRounds() throws Exception {
    try (var server = answering(moved(302, "/old"))) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/old");
      assertThat(http.words()).isEqualTo("Impaired: redirects more than 5 times");
      assertThat(server.requests()).hasSize(6);
    }
  }

  @Test
  void fiveRoundsAreFollowed() throws Exception {
    var rounds = new AtomicInteger();
    try (var server =
        running(peer -> write(peer, rounds.incrementAndGet() <= 5 ? moved(302, "/more") : OK))) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/old");
      assertThat(http.words()).isEqualTo("Up");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.test/, 'another host, evil.test'",
    "//evil.test/, 'another host, evil.test'",
    "http://gateway.test.evil.test/, 'another host, gateway.test.evil.test'",
    "http://gateway.test:1/, 'another port, 1'",
    "https://gateway.test:8443/, 'https on another port, 8443'",
    "https://evil.test/, 'another host, evil.test'",
  })
  void toAnotherServiceItIsRefusedInWords(String location, String where) throws Exception {
    try (var server = answering(moved(302, location))) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/old");
      assertThat(http.words())
          .isEqualTo("Impaired: redirects to " + where + ", which is not followed");
      assertThat(server.requests()).hasSize(1);
      assertThat(http.asked()).containsOnly("gateway.test");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://gateway.test/",
        "mailto:a@b",
        "http://a@gateway.test/",
        "http://[",
        "\\\\x"
      })
  void toWhatIsNoAddressItIsRefusedInWords(String location) throws Exception {
    try (var server = answering(moved(302, location))) {
      assertThat(HttpProbing.of("http://gateway.test:" + server.port() + "/").words())
          .startsWith("Impaired: redirects to something that is no http address");
    }
  }

  @Test
  void fromHttpsToHttpItIsRefused() throws Exception {
    var authority = CertificateAuthority.named("Test Authority");
    var port = new AtomicInteger();
    try (var server =
        new ScriptedServer(
            authority.issue("gateway.test").listen(),
            peer -> write(peer, moved(302, "http://gateway.test:" + port.get() + "/")))) {
      port.set(server.port());
      assertThat(
              HttpProbing.of("https://gateway.test:" + port.get() + "/")
                  .trusting(authority)
                  .words())
          .isEqualTo("Impaired: redirects to http, without TLS, which is not followed");
    }
  }

  /** The ordinary port: to bind it takes a right, so that nobody answers is what is looked for. */
  @Test
  void fromHttpToHttpsOfTheSameHostItIsFollowed() throws Exception {
    try (var server = answering(moved(301, "https://gateway.test/"))) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/");
      assertThat(http.words()).doesNotContain("redirects");
      assertThat(http.opened()).containsExactly(server.port(), 443);
    }
  }

  @Test
  void aSecretIsNotTakenAlongToAnotherService() throws Exception {
    try (var server = answering(moved(301, "https://gateway.test/"))) {
      var http = HttpProbing.of("http://gateway.test:" + server.port() + "/").withSecret();
      assertThat(http.words())
          .isEqualTo(
              "Impaired: redirects to https, where the value of Secret gateway, key token is not sent;"
                  + " set url to https://");
      assertThat(http.opened()).containsExactly(server.port());
    }
  }

  @Test
  void aBodyIsNotTakenAlongToAnotherService() throws Exception {
    try (var kept = answering(moved(307, "https://gateway.test/"));
        var dropped = answering(moved(302, "https://gateway.test/"))) {
      var post = HttpProbing.of("http://gateway.test:" + kept.port() + "/").posting("{}");
      assertThat(post.words())
          .isEqualTo(
              "Impaired: redirects to https, where the body is not sent; set url to https://");
      var get = HttpProbing.of("http://gateway.test:" + dropped.port() + "/").posting("{}");
      get.words();
      assertThat(get.opened()).containsExactly(dropped.port(), 443);
    }
  }

  private static ScriptedServer moving(int status, String location) {
    var first = new AtomicBoolean(true);
    return running(peer -> write(peer, first.getAndSet(false) ? moved(status, location) : OK));
  }

  private static String moved(int status, String location) {
    return "HTTP/1.1 "
        + status
        + " Moved\r\nLocation: "
        + location
        + "\r\nContent-Length: 0\r\n\r\n";
  }
}
