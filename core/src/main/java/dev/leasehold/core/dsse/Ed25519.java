package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.ByteWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.conscrypt.Conscrypt;

/**
 * Ed25519 (RFC 8032) by Conscrypt, whose native code signs thirty times and verifies ten times as
 * fast as the JDK's. Named explicitly: the JVM's provider list has no say.
 */
public final class Ed25519 {
  private static final String ALGORITHM = "EdDSA";
  private static final Provider PROVIDER = Conscrypt.newProvider();
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM, PROVIDER)
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  static byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    Signature s = Signature.getInstance(ALGORITHM, PROVIDER);
    s.initSign(key);
    s.update(message);
    return s.sign();
  }

  /** False also for bytes that are no key or no signature. */
  public static boolean verifies(byte[] rawKey, byte[] signature, byte[] message) {
    byte[] x509 = new ByteWriter().bytes(X509_PREFIX, rawKey).toByteArray();
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM, PROVIDER).generatePublic(new X509EncodedKeySpec(x509));
      Signature s = Signature.getInstance(ALGORITHM, PROVIDER);
      s.initVerify(key);
      s.update(message);
      return s.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
