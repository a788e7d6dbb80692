package io.nexus.heartbeat.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback that says what the test wants, over UDP and TCP. */
public final class DnsServer implements AutoCloseable {
  /** The bytes of the answer, or null to keep silent. */
  @FunctionalInterface
  public interface Answers {
    byte @Nullable [] to(Message query, boolean tcp) throws Exception;
  }

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final InetSocketAddress address;
  private final Answers answers;
  private final List<String> questions = new CopyOnWriteArrayList<>();

  public DnsServer(Answers answers) throws IOException {
    this.answers = answers;
    var loopback = InetAddress.getByName("127.0.0.1");
    DatagramSocket datagrams = null;
    ServerSocket streams = null;
    for (var tries = 0; datagrams == null || streams == null; tries++) {
      streams = new ServerSocket(0, 50, loopback);
      try {
        datagrams = new DatagramSocket(streams.getLocalPort(), loopback);
      } catch (BindException e) {
        streams.close(); // free for one protocol, taken in the other
        if (tries == 50) {
          throw e;
        }
      }
    }
    udp = datagrams;
    tcp = streams;
    address = new InetSocketAddress("127.0.0.1", udp.getLocalPort());
    Thread.ofVirtual().start(this::overUdp);
    Thread.ofVirtual().start(this::overTcp);
  }

  public InetSocketAddress address() {
    return address;
  }

  /** What was asked, such as "gateway.test. A", each as often as it was. */
  public List<String> questions() {
    return questions;
  }

  /** The answer with these records (those of the type that is asked for). */
  public static byte[] records(Message query, long ttl, String... texts) throws IOException {
    var answer = answer(query, Rcode.NOERROR);
    var question = query.getQuestion();
    for (var text : texts) {
      var type = text.indexOf(':') >= 0 ? Type.AAAA : Type.A;
      if (type == question.getType()) {
        answer.addRecord(
            Record.fromString(question.getName(), type, DClass.IN, ttl, text, Name.root),
            Section.ANSWER);
      }
    }
    if (answer.getSection(Section.ANSWER).isEmpty()) {
      answer.addRecord(authority(), Section.AUTHORITY);
    }
    return answer.toWire();
  }

  /** The answer with these records of the type that is asked for, as a zone file has them. */
  public static byte[] of(Message query, long ttl, String... values) throws IOException {
    var answer = answer(query, Rcode.NOERROR);
    var asked = query.getQuestion();
    for (var value : values) {
      answer.addRecord(
          Record.fromString(asked.getName(), asked.getType(), DClass.IN, ttl, value, Name.root),
          Section.ANSWER);
    }
    return answer.toWire();
  }

  public static byte[] failure(Message query, int rcode) throws IOException {
    var answer = answer(query, rcode);
    if (rcode == Rcode.NXDOMAIN) {
      answer.addRecord(authority(), Section.AUTHORITY);
    }
    return answer.toWire();
  }

  public static Message answer(Message query, int rcode) {
    var answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.getHeader().setRcode(rcode);
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    return answer;
  }

  private static SOARecord authority() throws IOException {
    var name = Name.fromString("ns.test.");
    return new SOARecord(Name.root, DClass.IN, 60, name, name, 1, 60, 60, 60, 60);
  }

  private byte @Nullable [] answered(byte[] query, boolean overTcp) throws Exception {
    var message = new Message(query);
    var question = message.getQuestion();
    questions.add(question.getName() + " " + Type.string(question.getType()));
    return answers.to(message, overTcp);
  }

  private void overUdp() {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[1500], 1500);
        udp.receive(packet);
        var answer = answered(java.util.Arrays.copyOf(packet.getData(), packet.getLength()), false);
        if (answer != null) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (Exception _) {
      // closed
    }
  }

  private void overTcp() {
    try {
      while (true) {
        try (var peer = tcp.accept()) {
          var in = new DataInputStream(peer.getInputStream());
          var answer = answered(in.readNBytes(in.readUnsignedShort()), true);
          if (answer != null) {
            var out = new DataOutputStream(peer.getOutputStream());
            out.writeShort(answer.length);
            out.write(answer);
            out.flush();
            in.read();
          }
        }
      }
    } catch (Exception _) {
      // closed
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
