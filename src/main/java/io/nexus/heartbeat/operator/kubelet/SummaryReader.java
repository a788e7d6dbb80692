package io.nexus.heartbeat.operator.kubelet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.nexus.heartbeat.check.DiskUsage;
import io.nexus.heartbeat.net.ProtocolFailure;
import io.nexus.heartbeat.operator.kubelet.Summary.Claim;
import io.nexus.heartbeat.operator.kubelet.Summary.FileSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a kubelet's summary as it comes, which of a node with 250 pods is a megabyte, and keeps the
 * file systems only.
 *
 * @see <a href="https://kubernetes.io/docs/reference/instrumentation/node-metrics/">the API</a>
 */
final class SummaryReader extends OutputStream {
  private static final int MOST_CLAIMS = 2000;

  /** Jackson bounds a number when it is asked for, and keeps it until then. */
  private static final int LONGEST_VALUE = 128 * 1024;

  /** What is read; whatever else is told, under however many names, is not kept. */
  private static final Set<String> NUMBERS =
      Set.of("usedBytes", "availableBytes", "capacityBytes", "inodes", "inodesFree", "inodesUsed");

  private static final Set<String> TEXTS = Set.of("time", "claim.namespace", "claim.name");

  private static final String ROOT = "/node/fs/";
  private static final String IMAGE = "/node/runtime/imageFs/";
  private static final String VOLUME = "/pods//volume//";
  private static final String CLAIM = VOLUME + "pvcRef/";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(50)
                  .maxNumberLength(100)
                  .maxStringLength(64 * 1024)
                  .maxNameLength(1000)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final JsonParser parser;
  private final ByteArrayFeeder feeder;

  /** Where we are: the name of each object or list around us, empty for an element of a list. */
  private final StringBuilder path = new StringBuilder();

  private final Deque<Integer> lengths = new ArrayDeque<>();
  private final Map<String, Double> numbers = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<Claim, FileSystem> claims = new HashMap<>();
  private int sinceToken;
  private @Nullable FileSystem root;
  private @Nullable FileSystem image;

  SummaryReader() throws IOException {
    var pushed = JSON.createNonBlockingByteArrayParser();
    parser = pushed;
    feeder = (ByteArrayFeeder) pushed.getNonBlockingInputFeeder();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      sinceToken += length;
      feeder.feedInput(bytes, from, from + length);
      takeAll();
      if (sinceToken > LONGEST_VALUE) {
        throw unusable();
      }
    } catch (JsonProcessingException e) {
      throw unusable();
    }
  }

  /**
   * What was told, all of which must have come.
   *
   * @throws ProtocolFailure it is no summary
   */
  Summary told() throws IOException {
    try {
      feeder.endOfInput();
      takeAll();
    } catch (JsonProcessingException e) {
      throw unusable();
    }
    return new Summary(root, image, Map.copyOf(claims));
  }

  private static ProtocolFailure unusable() {
    return new ProtocolFailure("answered with what is no JSON, or not all of it");
  }

  private void takeAll() throws IOException {
    for (var token = parser.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      sinceToken = 0;
      take(token);
    }
  }

  private void take(JsonToken token) throws IOException {
    switch (token) {
      case START_OBJECT, START_ARRAY -> {
        var name = parser.currentName();
        lengths.push(path.length());
        path.append(name == null ? "" : name).append('/');
        if (isAt(ROOT) || isAt(IMAGE) || isAt(VOLUME)) {
          numbers.clear();
          texts.clear();
        }
      }
      case END_OBJECT, END_ARRAY -> {
        end();
        path.setLength(lengths.pop());
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (isAt(ROOT) || isAt(IMAGE) || isAt(VOLUME)) {
          var value = parser.getDoubleValue();
          if (value >= 0 && Double.isFinite(value) && NUMBERS.contains(parser.currentName())) {
            numbers.put(parser.currentName(), value);
          }
        }
      }
      case VALUE_STRING -> {
        if (isAt(ROOT) || isAt(IMAGE) || isAt(VOLUME) || isAt(CLAIM)) {
          // A volume has a name of its own, which nobody asks for.
          var name = (isAt(CLAIM) ? "claim." : "") + parser.currentName();
          if (TEXTS.contains(name)) {
            texts.put(name, parser.getText());
          }
        }
      }
      default -> {}
    }
  }

  private boolean isAt(String place) {
    return place.contentEquals(path);
  }

  private void end() throws ProtocolFailure {
    if (isAt(ROOT)) {
      root = fileSystem(numbers.get("usedBytes"));
    } else if (isAt(IMAGE)) {
      image = imageFileSystem();
    } else if (isAt(VOLUME)) {
      var namespace = texts.get("claim.namespace");
      var name = texts.get("claim.name");
      var found = fileSystem(numbers.get("usedBytes"));
      if (namespace == null || name == null || found == null) {
        return;
      }
      if (claims.size() == MOST_CLAIMS) {
        throw new ProtocolFailure("told of more than " + MOST_CLAIMS + " claims");
      }
      claims.put(new Claim(namespace, name), found);
    }
  }

  private @Nullable FileSystem fileSystem(@Nullable Double used) {
    var available = numbers.get("availableBytes");
    if (used == null || available == null) {
      return null; // such as of a block device
    }
    var inodes = numbers.getOrDefault("inodes", 0.0);
    var free = numbers.get("inodesFree");
    // What a runtime's images use is not all that is used; what is free is free for all.
    var inodesUsed = free == null ? numbers.getOrDefault("inodesUsed", 0.0) : inodes - free;
    return new FileSystem(
        new DiskUsage(
            used,
            available,
            numbers.getOrDefault("capacityBytes", used + available),
            Math.max(0, inodesUsed),
            inodes),
        instant(texts.get("time")));
  }

  /** Its usedBytes are those of the images, whatever else is on their file system. */
  private @Nullable FileSystem imageFileSystem() {
    var available = numbers.get("availableBytes");
    var capacity = numbers.get("capacityBytes");
    if (available == null || capacity == null) {
      return null;
    }
    if (root != null && isSame(root.usage(), available, capacity)) {
      return root;
    }
    return fileSystem(Math.max(0, capacity - available));
  }

  /** Both are measured some seconds apart. */
  private boolean isSame(DiskUsage other, double available, double capacity) {
    return other.total() == capacity
        && other.inodes() == numbers.getOrDefault("inodes", 0.0)
        && Math.abs(other.available() - available) <= capacity / 100;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
