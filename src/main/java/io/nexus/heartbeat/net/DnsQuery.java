package io.nexus.heartbeat.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.WireParseException;

/** One question to servers in their order, without a cache. */
final class DnsQuery {
  /** The second is for what was lost on the way; who answers the first late is still heard. */
  private static final int ROUNDS = 2;

  private final Record question;
  private final Deadline deadline;
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

  private record Outcome(@Nullable Message answer, @Nullable Throwable failure) {}

  /** No server told; the message says what the last of them did. */
  static final class Untold extends IOException {
    private static final long serialVersionUID = 1;

    Untold(String did) {
      super(did);
    }
  }

  private DnsQuery(Record question, Deadline deadline) {
    this.question = question;
    this.deadline = deadline;
  }

  /**
   * @param servers addresses that may be opened
   * @throws java.net.SocketTimeoutException none has said anything
   * @throws Untold none has said what was asked
   */
  static Dns.Answer ask(List<InetSocketAddress> servers, Name name, int type, Deadline deadline)
      throws IOException {
    return new DnsQuery(Record.newRecord(name, type, DClass.IN), deadline).ask(servers);
  }

  private Dns.Answer ask(List<InetSocketAddress> servers) throws IOException {
    var toAsk = new ArrayDeque<InetSocketAddress>();
    for (var round = 0; round < ROUNDS; round++) {
      toAsk.addAll(servers);
    }
    var waiting = 0;
    var did = "";
    while (true) {
      var server = toAsk.poll();
      if (server != null) {
        send(server);
        waiting++;
      } else if (waiting == 0) {
        throw new Untold(did);
      }
      var outcome = next(toAsk.size() + 1);
      if (outcome == null && deadline.remaining().isZero()) {
        throw did.isEmpty() ? deadline.timedOut() : new Untold(did);
      }
      if (outcome != null) {
        waiting--;
        var told = told(outcome);
        if (told != null) {
          return told;
        }
        did = did(outcome);
      }
    }
  }

  private void send(InetSocketAddress server) throws IOException {
    var resolver = new SimpleResolver(server); // which asks again over TCP what was truncated
    // Never before our own, so that the time-out is told as such.
    resolver.setTimeout(Duration.ofMillis(deadline.remainingMillis()).plusSeconds(1));
    resolver
        .sendAsync(Message.newQuery(question))
        .whenComplete((answer, failure) -> outcomes.add(new Outcome(answer, failure)));
  }

  private @Nullable Outcome next(int shares) throws IOException {
    try {
      return outcomes.poll(deadline.remaining().toNanos() / shares, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking DNS", e);
    }
  }

  private Dns.@Nullable Answer told(Outcome outcome) {
    var answer = outcome.answer();
    return answer == null || fault(answer) != null
        ? null
        : switch (answer.getRcode()) {
          case Rcode.NXDOMAIN -> new Dns.NoSuchName();
          case Rcode.NOERROR -> new Dns.Records(entries(answer));
          default -> null;
        };
  }

  /** What dnsjava lets pass: our question sent back, and an answer cut short even over TCP. */
  private static @Nullable String fault(Message answer) {
    if (!answer.getHeader().getFlag(Flags.QR)) {
      return "answered something that is not DNS";
    }
    return answer.getHeader().getFlag(Flags.TC) ? "cut its answer short" : null;
  }

  private List<Dns.Entry> entries(Message answer) {
    return answer.getSection(Section.ANSWER).stream()
        .filter(record -> record.getType() == question.getType())
        .map(record -> new Dns.Entry(value(record), record.getTTL()))
        .toList();
  }

  private static String value(Record record) {
    if (record instanceof TXTRecord text) {
      var value = new StringBuilder();
      for (var part : text.getStringsAsByteArrays()) { // RFC 7208, 3.3: together they are one
        value.append(new String(part, StandardCharsets.UTF_8));
      }
      return value.toString();
    }
    return record.rdataToString();
  }

  private static String did(Outcome outcome) {
    var answer = outcome.answer();
    if (answer != null) {
      var fault = fault(answer);
      return fault != null
          ? fault
          : switch (answer.getRcode()) {
            case Rcode.SERVFAIL -> "failed (SERVFAIL)";
            case Rcode.REFUSED -> "refused to answer us (REFUSED)";
            default -> "failed (" + Rcode.string(answer.getRcode()) + ")";
          };
    }
    return switch (cause(outcome.failure())) {
      case PortUnreachableException _ -> "refused the connection";
      case ConnectException _ -> "refused the connection";
      case WireParseException e when String.valueOf(e.getMessage()).startsWith("invalid ") ->
          "answered another question than it was asked";
      case WireParseException _ -> "answered something that is not DNS";
      default -> "did not answer";
    };
  }

  private static Throwable cause(@Nullable Throwable failure) {
    return failure == null ? new IOException("no answer") : Lookups.unwrapped(failure);
  }
}
