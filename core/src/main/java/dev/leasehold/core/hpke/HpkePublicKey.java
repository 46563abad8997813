package dev.leasehold.core.hpke;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.CryptoProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** An X-Wing public key; existence means that a message can be sealed to it. */
public final class HpkePublicKey {
  public static final int BYTES = 1216;

  /** X.509 SubjectPublicKeyInfo up to the key itself (OID 1.3.6.1.4.1.62253.25722). */
  private static final byte[] X509_PREFIX =
      HexFormat.of().parseHex("308204d4300d060b2b0601040183e62d81c87a038204c100");

  private final Bytes raw;
  private final PublicKey jdk;

  private HpkePublicKey(Bytes raw, PublicKey jdk) {
    this.raw = raw;
    this.jdk = jdk;
  }

  /** Parses 1216 raw bytes; {@code field} names them in errors. */
  public static HpkePublicKey parse(String field, Bytes raw) throws Malformed {
    if (raw.length() != BYTES) {
      throw new Malformed(field, "an X-Wing key of " + BYTES + " bytes", raw.length() + " bytes");
    }
    PublicKey key = decode(raw.toArray());
    try {
      // The provider looks at the key's coefficients only when it encapsulates, and reports bad
      // ones as a bare RuntimeException.
      Hpke.sender(Hpke.SUITE).init(key, new byte[0]);
    } catch (InvalidKeyException | RuntimeException e) {
      throw new Malformed(field, "an X-Wing key", "coefficients out of range");
    }
    return new HpkePublicKey(raw, key);
  }

  /** For a key that the provider made itself. */
  static HpkePublicKey ofGenerated(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return new HpkePublicKey(
        Bytes.of(Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length)), key);
  }

  public Bytes raw() {
    return raw;
  }

  PublicKey jdk() {
    return jdk;
  }

  private static PublicKey decode(byte[] raw) {
    try {
      return KeyFactory.getInstance("XWING", CryptoProvider.conscrypt())
          .generatePublic(
              new X509EncodedKeySpec(new ByteWriter().bytes(X509_PREFIX, raw).toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof HpkePublicKey other && raw.equals(other.raw);
  }

  @Override
  public int hashCode() {
    return raw.hashCode();
  }

  @Override
  public String toString() {
    return "X-Wing " + Hex.encode(Arrays.copyOf(raw.toArray(), 8)) + "…";
  }
}
