package dev.leasehold.core.pki;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one signature algorithm a vendor uses for its certificates and lists. What a certificate
 * declares is compared with it and never obeyed.
 */
public enum SignatureRule {
  /** RFC 4055, with SHA-384, MGF1-SHA-384 and 48 bytes of salt. */
  RSA_PSS_SHA384("1.2.840.113549.1.1.10", "RSASSA-PSS"),
  /** RFC 8017 §8.2. */
  RSA_SHA256("1.2.840.113549.1.1.11", "SHA256withRSA"),
  /** RFC 5758 §3.2. */
  ECDSA_SHA256("1.2.840.10045.4.3.2", "SHA256withECDSA"),
  ECDSA_SHA384("1.2.840.10045.4.3.3", "SHA384withECDSA");

  private final String oid;
  private final String algorithm;

  SignatureRule(String oid, String algorithm) {
    this.oid = oid;
    this.algorithm = algorithm;
  }

  /** What is wrong with the declared algorithm of {@code what}, if anything. */
  Optional<Fault> fault(String what, String declared, byte @Nullable [] parameters, String remedy) {
    if (this == RSA_PSS_SHA384) {
      return RsaPssSha384.fault(what, declared, parameters, remedy);
    }
    return declared.equals(oid)
        ? Optional.empty()
        : Optional.of(new Fault(algorithm + " on " + what, "algorithm " + declared, remedy));
  }

  /** Whether {@code signature}, encoded as X.509 does, is that of {@code message}. */
  public boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    if (this == RSA_PSS_SHA384) {
      return RsaPssSha384.verifies(key, message, signature);
    }
    try {
      Signature s = Signature.getInstance(algorithm, Ecdsa.PROVIDER);
      s.initVerify(key);
      s.update(message);
      return s.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
