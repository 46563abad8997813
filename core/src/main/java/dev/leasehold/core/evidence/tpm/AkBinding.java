package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Vendor;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who vouches that an attestation key lives in a TPM and signs nothing but what that TPM states. A
 * key that only the evidence names is vouched for by nobody: anyone can make one.
 */
sealed interface AkBinding {
  /** How it came out. */
  Check check();

  /** A certificate for the key, up to a pinned root. */
  record Certified(CertificatePath path, Check check) implements AkBinding {}

  /** The verifying party holds the key itself, having enrolled the TPM by means of its own. */
  record Enrolled(Check check) implements AkBinding {}

  record Unbound(Check check) implements AkBinding {}

  /** Looks for whoever vouches for the key, the verifying party first. */
  static AkBinding find(TpmEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    return new Search(evidence.key(), candidates(evidence, collateral), anchors, now)
        .find(collateral.attestationKeys());
  }

  private static List<X509Certificate> candidates(TpmEvidence evidence, Collateral collateral) {
    List<X509Certificate> out = new ArrayList<>(collateral.certificates());
    out.addAll(evidence.certificates());
    return out;
  }

  /** One search. */
  record Search(PublicKey key, List<X509Certificate> candidates, Anchors anchors, Instant now) {
    private static final String CLAIM = "ak-binding";
    private static final String SOURCE = "TCG EK Credential Profile; attestation keys (AK)";
    private static final String EXPECTED =
        "an AK certificate to a pinned root, or the key among the verifying party's own";
    private static final String REMEDY =
        "send the certificate of the attestation key with its issuers, or enrol the key and give"
            + " it to the verifier as a public key in PEM";

    AkBinding find(List<PublicKey> own) {
      if (own.stream().anyMatch(k -> same(k, key))) {
        return new Enrolled(passed("the key is one the verifying party has enrolled"));
      }
      Optional<X509Certificate> certificate =
          candidates.stream().filter(c -> same(c.getPublicKey(), key)).findFirst();
      return certificate
          .map(this::certified)
          .orElseGet(() -> unbound(EXPECTED, "a bare key: nobody vouches for it"));
    }

    private AkBinding certified(X509Certificate certificate) {
      if (certificate.getBasicConstraints() >= 0 || !maySign(certificate)) {
        return unbound(
            "a certificate for digital signatures of an end entity",
            Certificates.name(certificate));
      }
      PathSearch search =
          new PathSearch(Vendor.GOOGLE, anchors, Set.of(AnchorRole.GOOGLE_VTPM_ROOT), candidates);
      return switch (search.from(certificate, now)) {
        case PathSearch.Missing(Fault f) ->
            new Unbound(Check.failed(CLAIM, f.expected(), f.got(), SOURCE, f.remedy()));
        case PathSearch.Found(CertificatePath path, _) ->
            new Certified(path, passed("certified for " + Certificates.name(certificate)));
      };
    }

    /** An EK decrypts; its certificate comes from the same authority and must not pass here. */
    private static boolean maySign(X509Certificate c) {
      boolean[] usage = c.getKeyUsage();
      return usage != null && usage[0];
    }

    private static boolean same(PublicKey a, PublicKey b) {
      return Arrays.equals(a.getEncoded(), b.getEncoded());
    }

    private static Check passed(String got) {
      return Check.passed(CLAIM, EXPECTED, got, SOURCE);
    }

    private static Unbound unbound(String expected, String got) {
      return new Unbound(Check.failed(CLAIM, expected, got, SOURCE, REMEDY));
    }
  }
}
