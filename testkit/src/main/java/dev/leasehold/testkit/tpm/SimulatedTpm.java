package dev.leasehold.testkit.tpm;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.evidence.tpm.TpmSignature.Scheme;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.RsaAuthority;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;

/** A TPM with one attestation key, which signs whatever it is told to. */
public record SimulatedTpm(Scheme scheme, KeyPair key) {
  /** fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, restricted, sign. */
  static final long ATTESTATION_KEY = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 16 | 1 << 18;

  private static final int ALG_NULL = 0x0010;
  private static final int RSA_BITS = 2048;
  private static final int P256_BYTES = 32;

  /** With RSA of 2048 bits, or P-256. */
  public static SimulatedTpm create(Scheme scheme) {
    KeyPair key = scheme == Scheme.ECDSA ? Curve.P256.newKey() : RsaAuthority.newKey();
    return new SimulatedTpm(scheme, key);
  }

  public PublicKey publicKey() {
    return key.getPublic();
  }

  /** TPMT_PUBLIC with these attributes. */
  byte[] area(long attributes) {
    ByteWriter out =
        new ByteWriter()
            .u16(scheme == Scheme.ECDSA ? 0x0023 : 0x0001)
            .u16(TpmHash.SHA256.id())
            .u32(attributes)
            .u16(0)
            .u16(ALG_NULL)
            .u16(schemeId())
            .u16(TpmHash.SHA256.id());
    switch (key.getPublic()) {
      case RSAPublicKey rsa ->
          out.u16(RSA_BITS).u32(0).u16(RSA_BITS / 8).bytes(fixed(rsa.getModulus(), RSA_BITS / 8));
      case ECPublicKey ec ->
          out.u16(0x0003)
              .u16(ALG_NULL)
              .u16(P256_BYTES)
              .bytes(fixed(ec.getW().getAffineX(), P256_BYTES))
              .u16(P256_BYTES)
              .bytes(fixed(ec.getW().getAffineY(), P256_BYTES));
      default -> throw new IllegalStateException(key.getPublic().getAlgorithm());
    }
    return out.toByteArray();
  }

  /** TPMT_SIGNATURE. */
  byte[] sign(TpmHash hash, byte[] message) {
    byte[] raw = raw(hash, message);
    ByteWriter out = new ByteWriter().u16(schemeId()).u16(hash.id());
    return scheme == Scheme.ECDSA
        ? out.u16(P256_BYTES)
            .bytes(Arrays.copyOf(raw, P256_BYTES))
            .u16(P256_BYTES)
            .bytes(Arrays.copyOfRange(raw, P256_BYTES, 2 * P256_BYTES))
            .toByteArray()
        : out.u16(raw.length).bytes(raw).toByteArray();
  }

  /** The signature without its TPM envelope. */
  public byte[] raw(TpmHash hash, byte[] message) {
    String digest = hash.algorithm().replace("-", "");
    try {
      Signature s =
          Signature.getInstance(
              switch (scheme) {
                case RSASSA -> digest + "withRSA";
                case RSAPSS -> "RSASSA-PSS";
                case ECDSA -> digest + "withECDSAinP1363Format";
              });
      if (scheme == Scheme.RSAPSS) {
        MGF1ParameterSpec mgf = new MGF1ParameterSpec(hash.algorithm());
        s.setParameter(new PSSParameterSpec(hash.algorithm(), "MGF1", mgf, longestSalt(hash), 1));
      }
      s.initSign(key.getPrivate());
      s.update(message);
      return s.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int longestSalt(TpmHash hash) {
    return RSA_BITS / 8 - hash.bytes() - 2;
  }

  private int schemeId() {
    return switch (scheme) {
      case RSASSA -> 0x0014;
      case RSAPSS -> 0x0016;
      case ECDSA -> 0x0018;
    };
  }

  private static byte[] fixed(BigInteger value, int width) {
    byte[] bytes = value.toByteArray();
    byte[] out = new byte[width];
    int take = Math.min(width, bytes.length);
    System.arraycopy(bytes, bytes.length - take, out, width - take, take);
    return out;
  }
}
