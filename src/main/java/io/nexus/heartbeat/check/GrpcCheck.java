package io.nexus.heartbeat.check;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.nexus.heartbeat.api.GrpcTarget;
import io.nexus.heartbeat.net.Deadline;
import io.nexus.heartbeat.net.Plain;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.net.grpc.Call;
import io.nexus.heartbeat.net.grpc.Reply;
import io.nexus.heartbeat.net.http.Authority;
import io.nexus.heartbeat.net.http.Request;
import io.nexus.heartbeat.reading.Measurements;
import io.nexus.heartbeat.reading.Reading;
import io.nexus.heartbeat.secret.Mask;
import io.nexus.heartbeat.secret.MaskingSecrets;
import io.nexus.heartbeat.secret.SecretUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * What a gRPC server says of its own health.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">its protocol</a>
 */
record GrpcCheck(GrpcTarget target, Surroundings surroundings) implements Check {
  private static final String METHOD = "/grpc.health.v1.Health/Check";
  private static final int FRAMING = 5;

  /** google.rpc.Code, in its order. */
  private static final String[] CODES = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED"
  };

  static Check of(GrpcTarget target, Surroundings surroundings) {
    return new GrpcCheck(target, surroundings);
  }

  @Override
  public Reading run(Deadline deadline) throws InterruptedException {
    var mask = new Mask();
    var begun = System.nanoTime();
    try {
      var uri = JsonApi.under(target.url(), METHOD);
      var secrets = new MaskingSecrets(surroundings.secrets(), mask);
      var request =
          new SentHeaders(target.headers())
              .onto(Request.of("POST", uri), Authority.of(uri).host(), secrets)
              .with(Trust.of(target.tls(), surroundings.secrets()))
              .withBody(question());
      var http = surroundings.clients().http();
      var reply = Call.unary(http, request, target.authority(), surroundings.dialer(), deadline);
      return judged(reply, measured(reply, begun), mask);
    } catch (SecretUnavailable e) {
      return new Reading.Unknown(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Faults.reading(e, mask::apply);
    }
  }

  /** HealthCheckRequest: the service's name is field 1. */
  private byte[] question() throws IOException {
    var bytes = new ByteArrayOutputStream(64);
    var message = CodedOutputStream.newInstance(bytes);
    var service = target.service();
    if (service != null) {
      message.writeString(1, service);
    }
    message.flush();
    return ByteBuffer.allocate(FRAMING + bytes.size())
        .put((byte) 0)
        .putInt(bytes.size())
        .put(bytes.toByteArray())
        .array();
  }

  private static Measurements measured(Reply reply, long begun) {
    var measured = Measurements.NONE.with("latency", (System.nanoTime() - begun) / 1e9);
    return reply
        .certificateEnds()
        .map(end -> measured.with("certificateDays", Duration.between(Instant.now(), end).toDays()))
        .orElse(measured);
  }

  private Reading judged(Reply reply, Measurements measured, Mask mask) throws IOException {
    var status = reply.httpStatus();
    if (status != 200) {
      return ofHttp(status, measured);
    }
    if (!reply.header("content-type").startsWith("application/grpc")) {
      return new Reading.Down(
          "answers with "
              + Plain.text(mask.apply(reply.header("content-type")), 60)
              + ", which is not gRPC",
          measured);
    }
    if (reply.grpcStatus() == 0) {
      return ofHealth(health(reply.body()), measured);
    }
    var code = reply.grpcStatus();
    if (code < 0) {
      return new Reading.Down("ended its answer without a gRPC status", measured);
    }
    var message = shown(reply.header("grpc-message"), mask);
    var words =
        (code < CODES.length ? CODES[code] : "status " + code)
            + (message.isEmpty() ? "" : ": " + message);
    return switch (code) {
      case 5 -> new Reading.Unknown(words + "; " + unknownService());
      case 12 ->
          new Reading.Unknown(words + "; the server needs the service grpc.health.v1.Health");
      case 7, 16 -> new Reading.Unknown(words + "; " + refused());
      case 8 -> new Reading.Impaired(words, measured, false);
      default -> new Reading.Down(words, measured);
    };
  }

  private Reading ofHttp(int status, Measurements measured) {
    var words = "HTTP " + status;
    return switch (status) {
      case 401, 403 -> new Reading.Unknown(words + "; " + refused());
      case 404 -> new Reading.Unknown(words + "; url must lead to a gRPC server");
      case 429 -> new Reading.Up(measured.with("note", "rate limited"));
      default -> new Reading.Down(status == 0 ? "answered without a status" : words, measured);
    };
  }

  private Reading ofHealth(int health, Measurements measured) {
    return switch (health) {
      case 1 -> new Reading.Up(measured);
      case 2 -> new Reading.Down("NOT_SERVING", measured);
      case 3 -> new Reading.Unknown("SERVICE_UNKNOWN; " + unknownService());
      default -> new Reading.Impaired("has not said whether it serves (UNKNOWN)", measured, false);
    };
  }

  /** HealthCheckResponse: the status is field 1; one that is 0 is not sent. */
  private static int health(byte[] body) throws IOException {
    if (body.length < FRAMING
        || body[0] != 0
        || ByteBuffer.wrap(body).getInt(1) != body.length - FRAMING) {
      throw new ProtocolFailure("answered with something that is not one gRPC message");
    }
    try {
      var message = CodedInputStream.newInstance(body, FRAMING, body.length - FRAMING);
      var health = 0;
      for (var tag = message.readTag(); tag != 0; tag = message.readTag()) {
        if (tag == (1 << 3 | WireFormat.WIRETYPE_VARINT)) {
          health = message.readEnum();
        } else if (!message.skipField(tag)) {
          break;
        }
      }
      return health;
    } catch (com.google.protobuf.InvalidProtocolBufferException _) {
      throw new ProtocolFailure("answered with something that is not a HealthCheckResponse");
    }
  }

  private String unknownService() {
    return target.service() == null
        ? "it knows no health of the whole server; set service"
        : "is service " + target.service() + " right?";
  }

  private String refused() {
    var credentials = new SentHeaders(target.headers()).credentials();
    return credentials.isEmpty()
        ? "set headers with valueFrom"
        : "is the value of " + String.join(" and ", credentials) + " right?";
  }

  /** Percent-encoded, says gRPC; what is broken is shown as it is. */
  private static String shown(String message, Mask mask) {
    String text;
    try {
      text = URLDecoder.decode(message.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      text = message;
    }
    return Plain.text(mask.apply(Plain.text(text, Integer.MAX_VALUE)), 120);
  }
}
