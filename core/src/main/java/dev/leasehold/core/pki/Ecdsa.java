package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Malformed;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.conscrypt.Conscrypt;

/**
 * ECDSA (FIPS 186-5 §6) over signatures and keys as hardware writes them: {@code r ‖ s} and {@code
 * x ‖ y}, big-endian and of the curve's width. By Conscrypt, ten times as fast as the JDK's; named
 * explicitly, so that the JVM's provider list has no say.
 */
public enum Ecdsa {
  P256_SHA256(
      32,
      "SHA256withECDSA",
      "3059301306072a8648ce3d020106082a8648ce3d03010703420004",
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
  P384_SHA384(
      48,
      "SHA384withECDSA",
      "3076301006072a8648ce3d020106052b8104002203620004",
      "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");

  public static final Provider PROVIDER = Conscrypt.newProvider();

  private final int width;
  private final String algorithm;
  private final String x509Prefix;
  private final BigInteger order;

  Ecdsa(int width, String algorithm, String x509Prefix, String order) {
    this.width = width;
    this.algorithm = algorithm;
    this.x509Prefix = x509Prefix;
    this.order = new BigInteger(order, 16);
  }

  /** Bytes of one signature: twice the width of the curve. */
  public int signatureBytes() {
    return 2 * width;
  }

  /** The key {@code x ‖ y}; a point that is not on the curve is refused. */
  public PublicKey key(String field, byte[] xy) throws Malformed {
    if (xy.length != 2 * width) {
      throw new Malformed(field, 2 * width + " bytes", xy.length + " bytes");
    }
    try {
      return KeyFactory.getInstance("EC", PROVIDER)
          .generatePublic(
              new X509EncodedKeySpec(
                  new ByteWriter().bytes(HexFormat.of().parseHex(x509Prefix), xy).toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new Malformed(field, "a point on the curve " + name(), "another");
    }
  }

  /** False also for a key of another curve and for r or s outside 1..n-1. */
  public boolean verifies(PublicKey key, byte[] message, byte[] rs) {
    if (rs.length != 2 * width || !isOfThisCurve(key)) {
      return false;
    }
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(rs, 0, width));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(rs, width, 2 * width));
    if (!inRange(r) || !inRange(s)) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(algorithm, PROVIDER);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(sequence(r.toByteArray(), s.toByteArray()));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether this is a key of the curve. */
  public boolean isOfThisCurve(PublicKey key) {
    return key instanceof ECPublicKey ec && ec.getParams().getOrder().equals(order);
  }

  private boolean inRange(BigInteger v) {
    return v.signum() > 0 && v.compareTo(order) < 0;
  }

  /** {@code SEQUENCE { INTEGER r, INTEGER s }}; at these widths every length fits one byte. */
  private static byte[] sequence(byte[] r, byte[] s) {
    return new ByteWriter()
        .u8(DerReader.SEQUENCE)
        .u8(4 + r.length + s.length)
        .u8(DerReader.INTEGER)
        .u8(r.length)
        .bytes(r)
        .u8(DerReader.INTEGER)
        .u8(s.length)
        .bytes(s)
        .toByteArray();
  }
}
