package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * A DSSE v1 envelope: a typed payload and signatures over both. Parsing one proves nothing; {@link
 * Dsse} turns it into a {@link Signed} statement.
 */
public record Envelope(String payloadType, Bytes payload, List<SignatureEntry> signatures) {
  /** Request bodies of one envelope are at most this long (protocol §7.1). */
  public static final int MAX_BYTES = 65_536;

  private static final Codec<Envelope> CODEC = Codec.of(Envelope.class);

  /** Signatures are kept sorted by keyid, so an envelope has one serialisation, {@code E(m)}. */
  public Envelope {
    signatures = signatures.stream().sorted(Comparator.comparing(SignatureEntry::keyid)).toList();
  }

  public static Envelope parse(String what, byte[] bytes) throws Malformed {
    return CODEC.decode(what, StrictJson.parse(what, bytes, MAX_BYTES));
  }

  /** Reads an envelope from text this program wrote itself, such as a row of its own store. */
  public static Envelope parseStored(String text) {
    try {
      return parse("stored envelope", text.getBytes(StandardCharsets.UTF_8));
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code E(m)} as text: no whitespace, members in order, signatures by keyid. */
  public String write() {
    return toJson().write();
  }

  public Json.Obj toJson() {
    return CODEC.encode(this);
  }

  /** {@code H(m)}: over type and payload, not over signatures (protocol §4.2). */
  public Hash hash() {
    return Digests.sha256(
        payloadType.getBytes(StandardCharsets.UTF_8), new byte[1], payload.toArray());
  }

  /** What each signature signs. */
  byte[] preAuthenticationEncoding() {
    return Dsse.preAuthenticationEncoding(payloadType, payload.toArray());
  }
}
