package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A kind of statement: its payload type, which is its domain of signing, its schema and its size.
 */
public final class Kind<T extends Record> {
  /** Payloads are at most this long unless their kind says otherwise (protocol §4.1). */
  public static final int MAX_PAYLOAD = 16_384;

  private static final long VERSION = 1;
  private static final String PAD = "pad";

  private final String name;
  private final Codec<T> codec;
  private final int maxBytes;
  private final boolean padded;

  private Kind(String name, Class<T> type, int maxBytes, boolean padded) {
    this.name = name;
    this.codec = Codec.of(type);
    this.maxBytes = maxBytes;
    this.padded = padded;
  }

  public static <T extends Record> Kind<T> of(String name, Class<T> type) {
    return new Kind<>(name, type, MAX_PAYLOAD, false);
  }

  public static <T extends Record> Kind<T> of(String name, Class<T> type, int maxBytes) {
    return new Kind<>(name, type, maxBytes, false);
  }

  /**
   * A kind whose payload always has the same length and only one serialisation, so that it carries
   * nothing but its fields (protocol §12).
   */
  public static <T extends Record> Kind<T> padded(String name, Class<T> type, int bytes) {
    return new Kind<>(name, type, bytes, true);
  }

  public String name() {
    return name;
  }

  public String payloadType() {
    return "application/vnd.leasehold." + name + ".v1+json";
  }

  /** The payload bytes of a statement. */
  public byte[] encode(T statement) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("v", new Json.Int(VERSION));
    members.putAll(codec.encode(statement).members());
    if (padded) {
      members.put(PAD, new Json.Str(""));
    }
    byte[] out = bytes(members);
    if (padded && out.length < maxBytes) {
      out = pad(out);
    }
    if (out.length > maxBytes) {
      throw new IllegalArgumentException(
          name + ": " + out.length + " bytes, at most " + maxBytes + " fit");
    }
    return out;
  }

  /** Parses a payload; for a padded kind it must also be the one serialisation. */
  public T decode(byte[] payload) throws Malformed {
    if (padded && payload.length != maxBytes) {
      throw new Malformed(name, "exactly " + maxBytes + " bytes", payload.length + " bytes");
    }
    Map<String, Json> members =
        new LinkedHashMap<>(StrictJson.parse(name, payload, maxBytes).members());
    Json version = members.remove("v");
    if (!(version instanceof Json.Int(long n) && n == VERSION)) {
      throw new Malformed(name + ".v", "1", version == null ? "none" : version.write());
    }
    if (padded) {
      members.remove(PAD);
    }
    T statement = codec.decode(name, new Json.Obj(members));
    if (padded && !Arrays.equals(encode(statement), payload)) {
      throw new Malformed(
          name, "the canonical serialisation (key order, no whitespace, pad of 0)", "another");
    }
    return statement;
  }

  /** The body of an envelope that this program verified before it stored it, or signed itself. */
  public T decodeStored(Envelope stored) {
    try {
      return decode(stored.payload().toArray());
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /** The last member is an empty string, which is filled. */
  private byte[] pad(byte[] unpadded) {
    byte[] end = "\"}".getBytes(StandardCharsets.UTF_8);
    byte[] out = Arrays.copyOf(unpadded, maxBytes);
    Arrays.fill(out, unpadded.length - end.length, maxBytes - end.length, (byte) '0');
    System.arraycopy(end, 0, out, maxBytes - end.length, end.length);
    return out;
  }

  private static byte[] bytes(Map<String, Json> members) {
    return new Json.Obj(members).write().getBytes(StandardCharsets.UTF_8);
  }
}
