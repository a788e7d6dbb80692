package io.nexus.heartbeat.engine;

import static io.nexus.heartbeat.net.ScriptedServer.drip;
import static io.nexus.heartbeat.net.ScriptedServer.unasked;
import static io.nexus.heartbeat.net.ScriptedServer.write;

import io.nexus.heartbeat.api.ATarget;
import io.nexus.heartbeat.api.AgentsTarget;
import io.nexus.heartbeat.api.DnsTarget;
import io.nexus.heartbeat.api.GpuTarget;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.api.HttpTarget;
import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.api.OllamaTarget;
import io.nexus.heartbeat.api.PostgresTarget;
import io.nexus.heartbeat.api.PrometheusTarget;
import io.nexus.heartbeat.api.RedisTarget;
import io.nexus.heartbeat.api.Target;
import io.nexus.heartbeat.api.TargetKind;
import io.nexus.heartbeat.api.TcpTarget;
import io.nexus.heartbeat.api.TlsTarget;
import io.nexus.heartbeat.api.TokenBudgetTarget;
import io.nexus.heartbeat.api.WebSocketTarget;
import io.nexus.heartbeat.api.When;
import io.nexus.heartbeat.net.DnsServer;
import io.nexus.heartbeat.net.ScriptedServer;
import io.nexus.heartbeat.net.ScriptedServer.Script;
import io.nexus.heartbeat.net.ws.WsPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;

/** Each kind of target with each way in which its peer may want to hurt. */
final class HostilePeers {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  private static final String SETTINGS = "\0\0\0\u0004\0\0\0\0\0"; // an empty frame of HTTP/2
  private static final String NOTICE = "N\0\0\0\u0005\0";
  private static final String LOGGED_IN =
      "R\0\0\0\u0008\0\0\0\0"
          + parameter("server_version", "17.0")
          + parameter("client_encoding", "UTF8")
          + parameter("DateStyle", "ISO, MDY")
          + parameter("integer_datetimes", "on")
          + parameter("standard_conforming_strings", "on")
          + "Z\0\0\0\u0005I";

  private static final String TIMED_OUT = "timed out after 500 ms";
  private static final Map<String, String> SILENT =
      Map.of(
          "ws", "silent after accept",
          "wss", "TLS silent",
          "http", "silent after accept",
          "https", "TLS silent");

  /** Kinds that know nothing of what they watch while they cannot ask. */
  private static final Set<String> BLIND = Set.of("prometheus", "gpu");

  private static final int SLOWLY = 200; // ms; one a second would be but one within the timeout

  /** What is behind a port, and what looks at it: the last target, of a database the first. */
  record Peer(AutoCloseable server, List<Target> targets) {
    Target target() {
      return targets.getLast();
    }
  }

  /** Opens the peer, and names its target so. */
  @FunctionalInterface
  interface Opening {
    Peer as(String name) throws Exception;
  }

  /**
   * @param level what docs/monitor.md says of it
   * @param told a part of the words, by which one sees that it came so far
   */
  record Row(String kind, String behaviour, Level level, String told, Opening opening) {
    @Override
    public String toString() {
      return kind + ": " + behaviour;
    }
  }

  private final List<Row> rows = new ArrayList<>();

  private HostilePeers() {}

  static List<Row> all() {
    var peers = new HostilePeers();
    peers.http();
    peers.bombs();
    peers.redis();
    peers.postgres();
    peers.streams();
    peers.dns();
    return List.copyOf(peers.rows);
  }

  private void http() {
    every(TIMED_OUT, TIMED_OUT, TIMED_OUT, TIMED_OUT, "silent after accept", ScriptedServer::hang);
    every(
        TIMED_OUT,
        TIMED_OUT,
        TIMED_OUT,
        TIMED_OUT,
        "headers without body",
        begun(HEAD + "Content-Length: 9\r\n\r\n", ScriptedServer::hang));
    every(
        TIMED_OUT,
        TIMED_OUT,
        TIMED_OUT,
        TIMED_OUT,
        "a byte now and then",
        begun(HEAD + "X: ", peer -> drip(peer, "x", SLOWLY)));
    var long32 = "sent headers of more than 32 KiB";
    every(
        long32,
        long32,
        long32,
        long32,
        "a header of 1 GB",
        begun(HEAD + "X: ", peer -> flood(peer, "x")));
    every(
        "Up", // what a body says is no matter to http, which keeps but the beginning of it
        "with more than 512 KiB",
        "too many series",
        "with more than 1024 KiB",
        "endless body",
        begun(HEAD + "\r\n[", peer -> flood(peer, " ")));
    every(
        "Up",
        "what is no JSON",
        "what is no JSON",
        "no GPU is told of",
        "a gzip bomb",
        begun(HEAD, HostilePeers::gzipBomb));
    is("http", "TLS silent", TIMED_OUT, ScriptedServer::hang, port -> http("https", port));
    is("ollama", "TLS silent", TIMED_OUT, ScriptedServer::hang, port -> ollama("https", port));
    is("prometheus", "TLS silent", TIMED_OUT, ScriptedServer::hang, p -> prometheus("https", p));
    is("gpu", "TLS silent", TIMED_OUT, ScriptedServer::hang, port -> gpu("https", port));
    numbers();
  }

  /** What asks by HTTP, and what each tells of this answer. */
  private void every(
      String http, String ollama, String prometheus, String gpu, String name, Script script) {
    is("http", name, http, script, HostilePeers::http);
    is("ollama", name, ollama, script, port -> ollama("http", port));
    is("prometheus", name, prometheus, script, port -> prometheus("http", port));
    is("gpu", name, gpu, script, port -> gpu("http", port));
  }

  private void numbers() {
    var huge = "9".repeat(30_000);
    is(
        "ollama",
        "a huge number",
        "JSON, but of another form",
        begun(HEAD, peer -> body(peer, "{\"models\":[{\"size_vram\":" + huge + "}]}")),
        port -> ollama("http", port));
    var scalar = "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"";
    is(
        "prometheus",
        "a huge number",
        "the value is +Inf",
        begun(HEAD, peer -> body(peer, scalar + huge + "\"]}}")),
        port -> prometheus("http", port));
    is(
        "gpu",
        "a huge number",
        "no GPU is told of",
        begun(HEAD, peer -> body(peer, "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} " + huge + "\n")),
        port -> gpu("http", port));
    condition("a huge number", "json.n > 1.0", "the body is not JSON", "{\"n\":" + huge + "}");
  }

  private void bombs() {
    var numbers = IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
    var json = "{\"list\":" + numbers + ",\"x\":\"" + "x".repeat(35_000) + "\"}";
    condition(
        "a regex bomb",
        "json.list.exists(a, body.matches('(x+x+)+(x*x*)*y{1,900}z'))",
        "Unknown[why=when",
        json);
    condition(
        "a CEL bomb",
        "json.list.exists(a, json.list.exists(b, json.list.exists(c, a + b + c < 0)))",
        "Unknown[why=when",
        json);
  }

  private void condition(String name, String condition, String told, String json) {
    rows.add(
        new Row(
            "http",
            name,
            Level.Unknown,
            told,
            target -> {
              var server = unasked(begun(HEAD, peer -> body(peer, json)));
              var kind = http("http", server.port());
              var when = new When(null, condition);
              return new Peer(server, List.of(ATarget.of(target, kind).when(when).build()));
            }));
  }

  private void redis() {
    is("redis", "silent after accept", TIMED_OUT, ScriptedServer::hang, p -> redis("redis", p));
    is("redis", "TLS silent", TIMED_OUT, ScriptedServer::hang, p -> redis("rediss", p));
    is(
        "redis",
        "a byte now and then",
        TIMED_OUT,
        begun("+", peer -> drip(peer, "x", SLOWLY)),
        port -> redis("redis", port));
    is(
        "redis",
        "a bulk of 512 MB",
        "more than 1024 KiB",
        begun("$536870912\r\n", peer -> flood(peer, "x")),
        port -> redis("redis", port));
    for (var scheme : List.of("redis-sentinel", "redis-cluster")) {
      is("redis", scheme + " silent", "timed out", ScriptedServer::hang, p -> redis(scheme, p));
      is(
          "redis",
          scheme + " with a bulk of 512 MB",
          "more than 1024 KiB",
          begun("$536870912\r\n", peer -> flood(peer, "x")),
          port -> redis(scheme, port));
    }
  }

  private void postgres() {
    database("silent after accept", TIMED_OUT, "disable", ScriptedServer::hang);
    database("TLS silent", TIMED_OUT, "require", begun("S", ScriptedServer::hang));
    database(
        "a byte now and then",
        TIMED_OUT,
        "disable",
        begun("R\0\0\0\u0008", peer -> drip(peer, "\0", SLOWLY)));
    database(
        "a row of 1 GB",
        "(a message of 1073741824 bytes)",
        "disable",
        begun(LOGGED_IN, begun("D\u0040\0\0\0\0\u0001", peer -> flood(peer, "x"))));
    database(
        "endless notices",
        "more than a health check reads (2000 messages)",
        "disable",
        begun(LOGGED_IN, peer -> flood(peer, NOTICE)));
    database(
        "a login that tells no version",
        "answered something that is not PostgreSQL",
        "disable",
        begun("R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I", ScriptedServer::hang));
  }

  /** Of a table nothing is known while its database cannot be asked. */
  private void database(String name, String told, String mode, Script script) {
    is("postgres", name, told, script, port -> database(port, mode));
    table("agents", name, told, script, mode, HostilePeers::agents);
    table("tokenBudget", name, told, script, mode, HostilePeers::budget);
  }

  private void table(
      String kind,
      String name,
      String told,
      Script script,
      String mode,
      Function<String, TargetKind> of) {
    rows.add(
        new Row(
            kind,
            name,
            Level.Unknown,
            told,
            target -> {
              var server = unasked(script);
              var database = ATarget.of(target + "-db", database(server.port(), mode)).build();
              var table = ATarget.of(target, of.apply(target + "-db")).build();
              return new Peer(server, List.of(database, table));
            }));
  }

  private void streams() {
    for (var scheme : List.of("ws", "wss")) {
      is("webSocket", SILENT.get(scheme), TIMED_OUT, ScriptedServer::hang, p -> socket(scheme, p));
    }
    is(
        "webSocket",
        "a byte now and then",
        TIMED_OUT,
        begun("HTTP/1.1 101 ", peer -> drip(peer, "x", SLOWLY)),
        port -> socket("ws", port));
    is(
        "webSocket",
        "a header of 1 GB",
        "sent headers of more than 32 KiB",
        begun("HTTP/1.1 101 X\r\nX: ", peer -> flood(peer, "x")),
        port -> socket("ws", port));
    webSocket("endless fragments", "sent more than 10000 frames", "\u0001\0", "\0\u0001x");
    var gigabyte = "\u0001\u007f\0\0\0\0\u0040\0\0\0";
    webSocket("a fragment of 1 GB", "announced a frame of 1073741824 bytes", gigabyte, "x");
    for (var scheme : List.of("http", "https")) {
      is("grpc", SILENT.get(scheme), TIMED_OUT, ScriptedServer::hang, port -> grpc(scheme, port));
    }
    is(
        "grpc",
        "a byte now and then",
        TIMED_OUT,
        begun(SETTINGS + "\0\0\u0008\u0006\0\0\0\0\0", peer -> drip(peer, "x", SLOWLY)),
        port -> grpc("http", port));
    is(
        "grpc",
        "endless frames",
        "sent more than 1000 HTTP/2 frames",
        begun("", peer -> flood(peer, SETTINGS)),
        port -> grpc("http", port));
    is("tls", "silent after accept", TIMED_OUT, ScriptedServer::hang, HostilePeers::tls);
    var record = "\u0016\u0003\u0003\u0040\0";
    is("tls", "a byte now and then", TIMED_OUT, p -> slowly(p, record), HostilePeers::tls);
    // Refused at once, or while it is being closed out of time: which of both is chance.
    is("tls", "endless records", "Down", p -> flood(p, record), HostilePeers::tls);
    // A port that is open is all that tcp asks for.
    is("tcp", "silent after accept", "Up", ScriptedServer::hang, HostilePeers::tcp);
    is("tcp", "endless bytes", "Up", peer -> flood(peer, "x"), HostilePeers::tcp);
  }

  private static void slowly(Socket peer, String begin) throws IOException {
    write(peer, begin);
    drip(peer, "\u0002", SLOWLY);
  }

  private void webSocket(String name, String told, String first, String more) {
    rows.add(
        new Row(
            "webSocket",
            name,
            Level.Critical,
            told,
            target -> {
              var server = WsPeer.serving(peer -> flood(peer.opens().raw(first).socket(), more));
              var kind = socket("ws", server.port());
              return new Peer(server, List.of(ATarget.of(target, kind).build()));
            }));
  }

  private void dns() {
    dns("silent", (_, _) -> null);
    dns(
        "cut short, and silent over TCP",
        (query, tcp) -> {
          if (tcp) {
            new CountDownLatch(1).await();
          }
          var cut = DnsServer.answer(query, Rcode.NOERROR);
          cut.getHeader().setFlag(Flags.TC);
          return cut.toWire();
        });
  }

  private void dns(String name, DnsServer.Answers answers) {
    rows.add(
        new Row(
            "dns",
            name,
            Level.Critical,
            TIMED_OUT,
            target -> {
              var server = new DnsServer(answers);
              var port = server.address().getPort();
              var kind = new DnsTarget("nexus.test", null, "127.0.0.1", port, null);
              return new Peer(server, List.of(ATarget.of(target, kind).build()));
            }));
  }

  private void is(
      String kind, String name, String told, Script script, IntFunction<TargetKind> of) {
    rows.add(
        new Row(
            kind,
            name,
            told.equals("Up")
                ? Level.Healthy
                : BLIND.contains(kind) ? Level.Unknown : Level.Critical,
            told,
            target -> {
              var server = unasked(script);
              return new Peer(server, List.of(ATarget.of(target, of.apply(server.port())).build()));
            }));
  }

  private static String parameter(String name, String value) {
    var body = name + "\0" + value + "\0";
    return "S\0\0\0" + (char) (body.length() + 4) + body;
  }

  /** Reads what comes first, answers so, and goes on as told. */
  private static Script begun(String answer, Script then) {
    return peer -> {
      peer.getInputStream().read(new byte[8192]);
      write(peer, answer);
      then.run(peer);
    };
  }

  /** A gigabyte of it, unless the other side has had enough. */
  private static void flood(Socket peer, String drop) throws IOException {
    var chunk = drop.repeat(65536 / drop.length()).getBytes(StandardCharsets.ISO_8859_1);
    for (var sent = 0L; sent < 1 << 30; sent += chunk.length) {
      peer.getOutputStream().write(chunk);
    }
  }

  private static void body(Socket peer, String body) throws IOException {
    write(peer, "Content-Length: " + body.length() + "\r\n\r\n" + body);
  }

  /**
   * 50 MB in 50 KB, which is less than any kind reads: a member that holds a megabyte of zeros,
   * again and again.
   */
  private static void gzipBomb(Socket peer) throws IOException {
    var member = new ByteArrayOutputStream();
    try (var zipped = new GZIPOutputStream(member)) {
      zipped.write(new byte[1 << 20]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(peer, "Content-Encoding: gzip\r\nContent-Length: " + member.size() * 50 + "\r\n\r\n");
    for (var i = 0; i < 50; i++) {
      member.writeTo(peer.getOutputStream());
    }
  }

  static HttpTarget http(int port) {
    return http("http", port);
  }

  private static HttpTarget http(String scheme, int port) {
    return new HttpTarget(at(scheme, port), null, null, null, null, null, null, null);
  }

  private static OllamaTarget ollama(String scheme, int port) {
    return new OllamaTarget(at(scheme, port), null, null);
  }

  private static PrometheusTarget prometheus(String scheme, int port) {
    return new PrometheusTarget(at(scheme, port), "up", null, null);
  }

  private static GpuTarget gpu(String scheme, int port) {
    return new GpuTarget(at(scheme, port) + "/metrics", null, null);
  }

  private static GrpcTarget grpc(String scheme, int port) {
    return new GrpcTarget(at(scheme, port), null, null, null, null);
  }

  private static RedisTarget redis(String scheme, int port) {
    var master = scheme.endsWith("-sentinel") ? "#mymaster" : "";
    return new RedisTarget(at(scheme, port) + master, null, null, null);
  }

  private static TlsTarget tls(int port) {
    return new TlsTarget("127.0.0.1", port, null, null, null, null);
  }

  private static TcpTarget tcp(int port) {
    return new TcpTarget("127.0.0.1", port);
  }

  private static WebSocketTarget socket(String scheme, int port) {
    var expect = new WebSocketTarget.Expect("connected", null);
    return new WebSocketTarget(
        at(scheme, port), null, null, null, null, null, expect, null, null, null);
  }

  private static PostgresTarget database(int port, String mode) {
    var url = "postgresql://nexus@127.0.0.1:" + port + "/nexus?sslmode=" + mode;
    return new PostgresTarget(url, null, null, null, null, null, null, null, null, null);
  }

  private static AgentsTarget agents(String database) {
    return new AgentsTarget(database, null, null, null, null, null, null, null, null);
  }

  private static TokenBudgetTarget budget(String database) {
    return new TokenBudgetTarget(database, 1000L, null, null, null, null, null, null, null, null);
  }

  private static String at(String scheme, int port) {
    return scheme + "://127.0.0.1:" + port;
  }
}
