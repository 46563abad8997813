package dev.leasehold.core.pki;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * AMD's signature algorithm for certificates and revocation lists: RSASSA-PSS with SHA-384, MGF1
 * with SHA-384 and 48 bytes of salt. The parameters stand in the certificate, where a forger could
 * weaken them, so they are checked and never taken.
 */
final class RsaPssSha384 {
  private static final String OID = "1.2.840.113549.1.1.10";
  private static final String EXPECTED = "RSASSA-PSS with SHA-384, MGF1-SHA-384, salt 48";
  private static final PSSParameterSpec SPEC =
      new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);

  private RsaPssSha384() {}

  /** What is wrong with the declared algorithm of {@code what}, if anything. */
  static Optional<Fault> fault(
      String what, String oid, byte @Nullable [] parameters, String remedy) {
    String got = describe(oid, parameters);
    return got.equals(EXPECTED)
        ? Optional.empty()
        : Optional.of(new Fault(EXPECTED + " on " + what, got, remedy));
  }

  static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature s = Signature.getInstance("RSASSA-PSS");
      s.setParameter(SPEC);
      s.initVerify(key);
      s.update(message);
      return s.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String describe(String oid, byte @Nullable [] parameters) {
    if (!oid.equals(OID) || parameters == null) {
      return "algorithm " + oid;
    }
    try {
      AlgorithmParameters p = AlgorithmParameters.getInstance("RSASSA-PSS");
      p.init(parameters);
      PSSParameterSpec spec = p.getParameterSpec(PSSParameterSpec.class);
      return matches(spec) ? EXPECTED : spec.toString();
    } catch (GeneralSecurityException | IOException e) {
      return "RSASSA-PSS with unreadable parameters";
    }
  }

  private static boolean matches(PSSParameterSpec spec) {
    return spec.getDigestAlgorithm().equals("SHA-384")
        && spec.getMGFAlgorithm().equals("MGF1")
        && spec.getMGFParameters() instanceof MGF1ParameterSpec mgf
        && mgf.getDigestAlgorithm().equals("SHA-384")
        && spec.getSaltLength() == SPEC.getSaltLength()
        && spec.getTrailerField() == SPEC.getTrailerField();
  }
}
