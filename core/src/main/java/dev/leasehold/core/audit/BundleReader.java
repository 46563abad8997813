package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads an evidence bundle line by line (docs/spec/audit-bundle.md). Every line has one spelling;
 * nothing is taken for whole before its end line was seen.
 */
public final class BundleReader {
  /** An envelope is at most 65 535 bytes (protocol §10); bundles of standing objects allow more. */
  static final int MAX_LINE = 131_072;

  private final InputStream in;
  private final MessageDigest digest = Digests.newDigest("SHA-256");
  private final BundleHeader header;
  private long statements;
  private boolean ended;

  private BundleReader(InputStream in) throws IOException, Malformed {
    this.in = new BufferedInputStream(in);
    byte[] line = line();
    this.header = decode(BundleHeader.class, parse(line), line);
    count(line);
  }

  /** Reads the header; the stream stays the caller's to close. */
  public static BundleReader open(InputStream in) throws IOException, Malformed {
    return new BundleReader(in);
  }

  public BundleHeader header() {
    return header;
  }

  /** The next statement; empty once the end line has shown that the bundle is whole. */
  public Optional<BundleLine> next() throws IOException, Malformed {
    if (ended) {
      return Optional.empty();
    }
    byte[] line = line();
    Json.Obj object = parse(line);
    if (object.get("sha256").isPresent()) {
      end(decode(BundleEnd.class, object, line));
      return Optional.empty();
    }
    BundleLine next = decode(BundleLine.class, object, line);
    count(line);
    statements++;
    return Optional.of(next);
  }

  private void end(BundleEnd end) throws IOException, Malformed {
    Hash found = Hash.of(digest.digest());
    if (end.statements() != statements) {
      throw new Malformed(
          name() + ".statements", String.valueOf(statements), String.valueOf(end.statements()));
    }
    if (!end.sha256().equals(found)) {
      throw new Malformed(name() + ".sha256", found.hex(), end.sha256().hex());
    }
    if (in.read() >= 0) {
      throw new Malformed(name(), "nothing after the end line", "more bytes");
    }
    ended = true;
  }

  private void count(byte[] line) {
    digest.update(line);
    digest.update((byte) '\n');
  }

  /** One line without its line feed. */
  private byte[] line() throws IOException, Malformed {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new Malformed(name(), "an end line: the bundle was cut off", "the end of the file");
      }
      if (line.size() == MAX_LINE) {
        throw new Malformed(name(), "at most " + MAX_LINE + " bytes", "a longer line");
      }
      line.write(b);
    }
    return line.toByteArray();
  }

  private Json.Obj parse(byte[] line) throws Malformed {
    return StrictJson.parse(name(), line, MAX_LINE);
  }

  private <R extends Record> R decode(Class<R> type, Json.Obj object, byte[] line)
      throws Malformed {
    R value = Codec.of(type).decode(name(), object);
    byte[] written = Codec.of(type).encode(value).write().getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(written, line)) {
      throw new Malformed(
          name(), "the one serialisation (key order, no whitespace)", "another spelling");
    }
    return value;
  }

  private String name() {
    return "bundle line " + (statements + 2);
  }
}
