package dev.leasehold.testkit.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** A curve and the signature algorithm that vendors use with it. */
public enum Curve {
  P256("secp256r1", "SHA256withECDSA"),
  P384("secp384r1", "SHA384withECDSA");

  private final String name;
  private final String signature;

  Curve(String name, String signature) {
    this.name = name;
    this.signature = signature;
  }

  public KeyPair newKey() {
    try {
      KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
      g.initialize(new ECGenParameterSpec(name));
      return g.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code r ‖ s}, as hardware writes signatures. */
  public byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature s = Signature.getInstance(signature + "inP1363Format");
      s.initSign(key);
      s.update(message);
      return s.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String signature() {
    return signature;
  }
}
