package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * A signature as a TPM writes it (TPM 2.0 Part 2, TPMT_SIGNATURE).
 *
 * @param value the RSA signature, or {@code r ‖ s} of the curve's width
 */
public record TpmSignature(Scheme scheme, TpmHash hash, Bytes value) {
  private static final int MAX_RSA = 512;
  private static final int P256 = 32;
  private static final int P384 = 48;

  /** How it was signed. */
  public enum Scheme {
    RSASSA(0x0014),
    RSAPSS(0x0016),
    ECDSA(0x0018);

    private final int id;

    Scheme(int id) {
      this.id = id;
    }

    static Scheme require(int id) throws Malformed {
      for (Scheme s : values()) {
        if (s.id == id) {
          return s;
        }
      }
      throw new Malformed(
          "TPMT_SIGNATURE.sigAlg",
          "RSASSA, RSAPSS or ECDSA",
          "TPM_ALG_ID 0x" + Integer.toHexString(id));
    }
  }

  /** Reads exactly one signature. */
  public static TpmSignature parse(byte[] bytes) throws Malformed {
    ByteReader in = ByteReader.bigEndian("TPMT_SIGNATURE", bytes);
    Scheme scheme = Scheme.require(in.u16("sigAlg"));
    TpmHash hash = TpmHash.require("TPMT_SIGNATURE.hash", in.u16("hash"));
    byte[] value =
        scheme == Scheme.ECDSA ? readScalars(in) : Tpm2b.read(in, "signature.sig", MAX_RSA);
    in.end();
    return new TpmSignature(scheme, hash, Bytes.of(value));
  }

  /** Whether this is the key's signature of {@code message}; false for a key of another kind. */
  public boolean verifies(PublicKey key, byte[] message) {
    return switch (scheme) {
      case RSASSA -> key instanceof RSAPublicKey && verifies(key, message, pkcs1());
      case RSAPSS -> key instanceof RSAPublicKey rsa && verifiesPss(rsa, message);
      case ECDSA -> key instanceof ECPublicKey && verifies(key, message, ecdsa());
    };
  }

  @Override
  public String toString() {
    return scheme + " with " + hash.algorithm();
  }

  /** Padded to the width of P-256 or, when one is longer, of P-384. */
  private static byte[] readScalars(ByteReader in) throws Malformed {
    byte[] r = Tpm2b.read(in, "signature.signatureR", P384);
    byte[] s = Tpm2b.read(in, "signature.signatureS", P384);
    int width = Math.max(r.length, s.length) <= P256 ? P256 : P384;
    return new ByteWriter()
        .zeros(width - r.length)
        .bytes(r)
        .zeros(width - s.length)
        .bytes(s)
        .toByteArray();
  }

  private String pkcs1() {
    return hash.algorithm().replace("-", "") + "withRSA";
  }

  private String ecdsa() {
    return hash.algorithm().replace("-", "") + "withECDSAinP1363Format";
  }

  /** The salt is as long as the digest, or as long as fits (TPM 2.0 Part 1, B.7). */
  private boolean verifiesPss(RSAPublicKey key, byte[] message) {
    int longest = (key.getModulus().bitLength() + 6) / 8 - hash.bytes() - 2;
    return verifiesPss(key, message, hash.bytes()) || verifiesPss(key, message, longest);
  }

  private boolean verifiesPss(PublicKey key, byte[] message, int salt) {
    try {
      Signature s = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
      s.setParameter(
          new PSSParameterSpec(
              hash.algorithm(), "MGF1", new MGF1ParameterSpec(hash.algorithm()), salt, 1));
      return verifies(s, key, message);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean verifies(PublicKey key, byte[] message, String algorithm) {
    try {
      String provider = scheme == Scheme.ECDSA ? "SunEC" : "SunRsaSign";
      return verifies(Signature.getInstance(algorithm, provider), key, message);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean verifies(Signature s, PublicKey key, byte[] message)
      throws GeneralSecurityException {
    s.initVerify(key);
    s.update(message);
    return s.verify(value.toArray());
  }
}
