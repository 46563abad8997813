package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Ecdsa;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The public area of a key in a TPM (TPM 2.0 Part 2, TPMT_PUBLIC): what the TPM lets the key do,
 * and the key.
 *
 * @param attributes TPMA_OBJECT
 * @param name identifies the key within its TPM: {@code nameAlg ‖ H(public area)}
 */
public record TpmPublic(long attributes, HexBytes name, PublicKey key) {
  private static final String FORMAT = "TPMT_PUBLIC";
  private static final int ALG_RSA = 0x0001;
  private static final int ALG_ECC = 0x0023;
  private static final int ALG_NULL = 0x0010;
  private static final int ECDAA = 0x001a;
  private static final int P256 = 0x0003;
  private static final int P384 = 0x0004;
  private static final Set<Integer> RSA_BITS = Set.of(2048, 3072, 4096);
  private static final long F4 = 65_537;

  /** What an object may do and may not (TPM 2.0 Part 2, TPMA_OBJECT). */
  public enum Attribute {
    FIXED_TPM(1, "fixedTPM"),
    FIXED_PARENT(4, "fixedParent"),
    SENSITIVE_DATA_ORIGIN(5, "sensitiveDataOrigin"),
    RESTRICTED(16, "restricted"),
    DECRYPT(17, "decrypt"),
    SIGN(18, "sign");

    private final int bit;
    private final String word;

    Attribute(int bit, String word) {
      this.bit = bit;
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public boolean has(Attribute a) {
    return (attributes >>> a.bit & 1) == 1;
  }

  /** What this key lacks, or has too much, to be one that signs only what its TPM states. */
  List<String> attestationFaults() {
    List<String> out = new ArrayList<>();
    for (Attribute a : Attribute.values()) {
      boolean wanted = a != Attribute.DECRYPT;
      if (has(a) != wanted) {
        out.add((wanted ? "not " : "") + a.word());
      }
    }
    return out;
  }

  /** Reads exactly one public area of an RSA or elliptic-curve signing key. */
  public static TpmPublic parse(byte[] bytes) throws Malformed {
    ByteReader in = ByteReader.bigEndian(FORMAT, bytes);
    int type = in.u16("type");
    TpmHash nameAlg = TpmHash.require(FORMAT + ".nameAlg", in.u16("nameAlg"));
    long attributes = in.u32("objectAttributes");
    Tpm2b.read(in, "authPolicy", TpmHash.SHA512.bytes());
    if (in.u16("parameters.symmetric") != ALG_NULL) {
      throw new Malformed(FORMAT + ".parameters.symmetric", "none: a signing key", "one");
    }
    readScheme(in);
    PublicKey key =
        switch (type) {
          case ALG_RSA -> readRsa(in);
          case ALG_ECC -> readEcc(in);
          default ->
              throw new Malformed(FORMAT + ".type", "RSA or ECC", "0x" + Integer.toHexString(type));
        };
    in.end();
    byte[] name = new ByteWriter().u16(nameAlg.id()).bytes(nameAlg.digest(bytes)).toByteArray();
    return new TpmPublic(attributes, HexBytes.of(name), key);
  }

  private static void readScheme(ByteReader in) throws Malformed {
    int scheme = in.u16("parameters.scheme");
    if (scheme != ALG_NULL) {
      in.u16("parameters.scheme.hash");
    }
    if (scheme == ECDAA) {
      throw new Malformed(FORMAT + ".parameters.scheme", "RSASSA, RSAPSS or ECDSA", "ECDAA");
    }
  }

  private static PublicKey readRsa(ByteReader in) throws Malformed {
    int bits = in.u16("parameters.keyBits");
    long exponent = in.u32("parameters.exponent");
    byte[] modulus = Tpm2b.read(in, "unique", 512);
    boolean known = RSA_BITS.contains(bits) && (exponent == 0 || exponent == F4);
    if (!known || 8 * modulus.length != bits) {
      throw new Malformed(
          FORMAT + ".parameters",
          "RSA of 2048, 3072 or 4096 bits with exponent 65537",
          bits + " bits, exponent " + exponent + ", modulus of " + modulus.length + " bytes");
    }
    return rsa(FORMAT + ".unique", modulus);
  }

  /** An RSA key with exponent 65537 from the big-endian bytes of its modulus. */
  public static PublicKey rsa(String field, byte[] modulus) throws Malformed {
    BigInteger n = new BigInteger(1, modulus);
    if (!RSA_BITS.contains(n.bitLength()) || !n.testBit(0)) {
      throw new Malformed(field, "an odd modulus of full length", n.bitLength() + " bits");
    }
    try {
      return KeyFactory.getInstance("RSA", "SunRsaSign")
          .generatePublic(new RSAPublicKeySpec(n, BigInteger.valueOf(F4)));
    } catch (GeneralSecurityException e) {
      throw new Malformed(field, "an RSA key", String.valueOf(e.getMessage()));
    }
  }

  private static PublicKey readEcc(ByteReader in) throws Malformed {
    int curve = in.u16("parameters.curveID");
    if (in.u16("parameters.kdf") != ALG_NULL) {
      in.u16("parameters.kdf.hash");
    }
    Ecdsa ecdsa =
        switch (curve) {
          case P256 -> Ecdsa.P256_SHA256;
          case P384 -> Ecdsa.P384_SHA384;
          default ->
              throw new Malformed(
                  FORMAT + ".parameters.curveID",
                  "NIST P-256 or P-384",
                  "0x" + Integer.toHexString(curve));
        };
    int width = ecdsa.signatureBytes() / 2;
    byte[] x = Tpm2b.read(in, "unique.x", width);
    byte[] y = Tpm2b.read(in, "unique.y", width);
    byte[] point =
        new ByteWriter()
            .zeros(width - x.length)
            .bytes(x)
            .zeros(width - y.length)
            .bytes(y)
            .toByteArray();
    return ecdsa.key(FORMAT + ".unique", point);
  }
}
