package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Signing statements and opening envelopes (protocol §4.2). */
public final class Dsse {
  private static final int MAX_KEYS = 8;
  private static final byte[] MLDSA65_X509 =
      HexFormat.of().parseHex("308207b2300b0609608648016503040312038207a100");

  private Dsse() {}

  /** Signs a statement with one or more keys. */
  public static <T extends Record> Signed<T> sign(Kind<T> kind, T body, Signer... signers) {
    byte[] payload = kind.encode(body);
    byte[] message = preAuthenticationEncoding(kind.payloadType(), payload);
    List<SignatureEntry> entries = new ArrayList<>();
    Set<Hash> keyids = new HashSet<>();
    for (Signer s : signers) {
      entries.addAll(s.sign(message));
      keyids.add(s.key().keyid());
    }
    return new Signed<>(new Envelope(kind.payloadType(), Bytes.of(payload), entries), body, keyids);
  }

  /** The entries one more signer adds to an envelope that others have signed. */
  public static List<SignatureEntry> countersign(Envelope envelope, Signer signer) {
    return signer.sign(envelope.preAuthenticationEncoding());
  }

  /**
   * Opens an envelope that may be signed by any of these keys and by no other. Every signature must
   * verify; at least one is there. The kind is compared before the payload is parsed.
   */
  public static <T extends Record> Signed<T> open(
      Kind<T> kind, Envelope envelope, Collection<KeyRecord> keys) throws Malformed, BadSignature {
    requireKind(kind, envelope);
    Set<Hash> signers = verify(kind.name(), envelope, keys);
    return new Signed<>(envelope, kind.decode(envelope.payload().toArray()), signers);
  }

  /** Opens an envelope signed by exactly this key. */
  public static <T extends Record> Signed<T> open(Kind<T> kind, Envelope envelope, KeyRecord key)
      throws Malformed, BadSignature {
    return open(kind, envelope, List.of(key));
  }

  /** Parses the payload of an envelope of this kind, before anything is verified. */
  public static <T extends Record> Parsed<T> parse(Kind<T> kind, Envelope envelope)
      throws Malformed {
    requireKind(kind, envelope);
    return new Parsed<>(kind, envelope, kind.decode(envelope.payload().toArray()));
  }

  /** Opens an envelope signed by the key that its own payload names, as evidence is. */
  public static <T extends Record> Signed<T> openSelfSigned(
      Kind<T> kind, Envelope envelope, Function<T, KeyRecord> key) throws Malformed, BadSignature {
    return openSignedByListed(kind, envelope, body -> List.of(key.apply(body)));
  }

  /** Opens an envelope signed by keys that its own payload lists, as a roster is. */
  public static <T extends Record> Signed<T> openSignedByListed(
      Kind<T> kind, Envelope envelope, Function<T, List<KeyRecord>> keys)
      throws Malformed, BadSignature {
    Parsed<T> parsed = parse(kind, envelope);
    return parsed.verified(keys.apply(parsed.body()));
  }

  static byte[] preAuthenticationEncoding(String type, byte[] body) {
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 128);
    out.writeBytes(
        ("DSSEv1 " + typeBytes.length + " " + type + " " + body.length + " ")
            .getBytes(StandardCharsets.UTF_8));
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static void requireKind(Kind<?> kind, Envelope envelope) throws Malformed {
    if (!envelope.payloadType().equals(kind.payloadType())) {
      throw new Malformed(kind.name() + ".payloadType", kind.payloadType(), envelope.payloadType());
    }
  }

  static Set<Hash> verify(String what, Envelope envelope, Collection<KeyRecord> keys)
      throws BadSignature {
    Map<Hash, KeyRecord> known = new HashMap<>();
    keys.forEach(k -> known.put(k.keyid(), k));
    Set<String> entries = new HashSet<>();
    Set<Hash> signers = new LinkedHashSet<>();
    byte[] message = envelope.preAuthenticationEncoding();
    for (SignatureEntry entry : envelope.signatures()) {
      KeyRecord key = known.get(entry.key());
      if (key == null) {
        throw new BadSignature(
            what + ": signed by " + entry.key() + ", which is not a key allowed to sign this");
      }
      if (!entries.add(entry.keyid())) {
        throw new BadSignature(what + ": two signatures of key " + entry.keyid());
      }
      if (!verifies(key, entry, message)) {
        throw new BadSignature(what + ": the signature of key " + entry.keyid() + " is wrong");
      }
      signers.add(key.keyid());
    }
    if (signers.isEmpty()) {
      throw new BadSignature(what + ": no signature");
    }
    if (signers.size() > MAX_KEYS) {
      throw new BadSignature(what + ": more than " + MAX_KEYS + " keys");
    }
    requireBothHalves(what, signers, known, entries);
    return signers;
  }

  /** The hybrid rule: a key that lists both algorithms counts only when both have signed. */
  private static void requireBothHalves(
      String what, Set<Hash> signers, Map<Hash, KeyRecord> known, Set<String> entries)
      throws BadSignature {
    for (Hash keyid : signers) {
      KeyRecord key = known.get(keyid);
      boolean hybrid = key != null && !key.mldsa65().isEmpty();
      boolean both =
          entries.contains(keyid.hex())
              && entries.contains(keyid.hex() + SignatureEntry.MLDSA65_SUFFIX);
      if (hybrid && !both) {
        throw new BadSignature(
            what + ": key " + keyid + " lists Ed25519 and ML-DSA-65, only one of them has signed");
      }
    }
  }

  private static boolean verifies(KeyRecord key, SignatureEntry entry, byte[] message) {
    Bytes raw = entry.isMlDsa65() ? key.mldsa65() : key.ed25519();
    if (raw.isEmpty()) {
      return false;
    }
    byte[] sig = entry.sig().toArray();
    return entry.isMlDsa65()
        ? mlDsa65Verifies(raw.toArray(), sig, message)
        : Ed25519.verifies(raw.toArray(), sig, message);
  }

  private static boolean mlDsa65Verifies(byte[] rawKey, byte[] sig, byte[] message) {
    byte[] x509 = new ByteWriter().bytes(MLDSA65_X509, rawKey).toByteArray();
    try {
      Signature s = Signature.getInstance("ML-DSA-65");
      s.initVerify(
          KeyFactory.getInstance("ML-DSA-65").generatePublic(new X509EncodedKeySpec(x509)));
      s.update(message);
      return s.verify(sig);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
