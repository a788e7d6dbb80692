package io.nexus.heartbeat.cleanup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The paths that git tracks, from {@code .git/index}. Read here, and not by {@code git ls-files},
 * for that runs what the repository's configuration tells it to run, and is not there in a
 * container. Of each path only 64 bits are in memory; two paths with the same are both taken for
 * tracked.
 *
 * @see <a href="https://git-scm.com/docs/index-format">gitformat-index</a>
 */
final class GitIndex {
  private static final int SHA_1 = 20;
  private static final int SHA_256 = 32;

  private static final int STAT_LENGTH = 40;
  private static final int EXTENDED = 0x4000;

  /** No system has longer paths; git neither. */
  private static final int LONGEST_PATH = 1 << 16;

  /** Some times those of the largest repositories; in memory that is 32 MB. */
  private static final int MOST = 4_000_000;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final long[] paths;

  private GitIndex(long[] paths) {
    this.paths = paths;
    Arrays.sort(paths);
  }

  /** Where an index is read from, which may be needed twice. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /**
   * @throws IOException it is no index, not whole, or one that says what is tracked elsewhere
   */
  static GitIndex read(Source source) throws IOException {
    try {
      return read(source, SHA_1, "SHA-1");
    } catch (Unlike first) { // it may be a repository of SHA-256; the index itself does not say
      try {
        return read(source, SHA_256, "SHA-256");
      } catch (Unlike _) {
        throw first;
      }
    }
  }

  boolean tracks(byte[] path) {
    return Arrays.binarySearch(paths, hash(path, path.length)) >= 0;
  }

  int size() {
    return paths.length;
  }

  /** Not of this kind of hash. */
  private static final class Unlike extends IOException {
    private static final long serialVersionUID = 1;

    private Unlike(String message) {
      super(message);
    }
  }

  private static GitIndex read(Source source, int hashLength, String algorithm) throws IOException {
    try (var raw = new BufferedInputStream(source.open(), 1 << 16)) {
      var digest = MessageDigest.getInstance(algorithm);
      var summed = new DigestInputStream(raw, digest);
      var in = new DataInputStream(summed);
      if (!new String(in.readNBytes(4), US_ASCII).equals("DIRC")) {
        throw new IOException("its index is not one of git's");
      }
      var version = in.readInt();
      if (version < 2 || version > 4) {
        throw new IOException("its index is of version " + version + ", which is not known here");
      }
      var paths = entries(in, version, hashLength);
      extensions(in, summed, raw, digest, hashLength);
      return new GitIndex(paths);
    } catch (EOFException _) {
      throw new Unlike("its index is damaged");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  private static long[] entries(DataInputStream in, int version, int hashLength)
      throws IOException {
    var count = Integer.toUnsignedLong(in.readInt());
    if (count > MOST) {
      throw new IOException("its index is of more than " + MOST + " files");
    }
    var paths = new long[1024];
    var path = new byte[LONGEST_PATH];
    var length = 0;
    for (var i = 0; i < count; i++) {
      skip(in, STAT_LENGTH + hashLength);
      var extended = (in.readUnsignedShort() & EXTENDED) != 0;
      if (extended) {
        in.readUnsignedShort();
      }
      length = version == 4 ? length - number(in) : 0;
      if (length < 0) {
        throw new Unlike("its index is damaged");
      }
      for (var c = in.readByte(); c != 0; c = in.readByte()) {
        if (length == path.length) {
          throw new Unlike("its index is damaged");
        }
        path[length++] = c;
      }
      if (length == 0) {
        throw new Unlike("its index is damaged");
      }
      if (version < 4) {
        var written = STAT_LENGTH + hashLength + 2 + (extended ? 2 : 0) + length;
        skip(in, 7 - written % 8); // one NUL is read, and there are 1 to 8
      }
      if (i == paths.length) {
        paths = Arrays.copyOf(paths, paths.length * 2);
      }
      paths[i] = hash(path, length);
    }
    return Arrays.copyOf(paths, (int) count);
  }

  /** As git's varint.c reads it. */
  private static int number(DataInputStream in) throws IOException {
    var c = in.readUnsignedByte();
    var value = c & 0x7f;
    while ((c & 0x80) != 0) {
      c = in.readUnsignedByte();
      value = (value + 1 << 7) + (c & 0x7f);
      if (value > LONGEST_PATH) {
        throw new Unlike("its index is damaged");
      }
    }
    return value;
  }

  /** Then the sum of all, and the end; the sum may be zero (index.skipHash). */
  private static void extensions(
      DataInputStream in,
      DigestInputStream summed,
      InputStream raw,
      MessageDigest digest,
      int hashLength)
      throws IOException {
    while (true) {
      raw.mark(hashLength + 1);
      summed.on(false);
      var end = in.readNBytes(hashLength + 1);
      if (end.length <= hashLength) {
        if (!Arrays.equals(end, digest.digest()) && !Arrays.equals(end, new byte[hashLength])) {
          throw new Unlike("its index is damaged");
        }
        return;
      }
      raw.reset();
      summed.on(true);
      var name = new String(in.readNBytes(4), ISO_8859_1);
      if (name.charAt(0) < 'A' || name.charAt(0) > 'Z') {
        throw new Unlike(
            switch (name) {
              case "link" -> "its index is split in two";
              case "sdir" -> "its index is sparse";
              default -> "its index has a part that is not known here";
            });
      }
      skip(in, Integer.toUnsignedLong(in.readInt()));
    }
  }

  /** By reading: what a stream skips is not summed. */
  private static void skip(DataInputStream in, long length) throws IOException {
    var read = new byte[8192];
    for (var left = length; left > 0; left -= read.length) {
      in.readFully(read, 0, (int) Math.min(left, read.length));
    }
  }

  /** FNV-1a. */
  private static long hash(byte[] path, int length) {
    var hash = FNV_OFFSET;
    for (var i = 0; i < length; i++) {
      hash = (hash ^ path[i] & 0xff) * FNV_PRIME;
    }
    return hash;
  }
}
