package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.PathSearch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The steps that show reference values of one kind to be NVIDIA's: chain, revocation, signature,
 * manufacturer, in this order, so that no key is used before it is proven.
 */
final class RimVerification {
  private static final String STEP_10 = NvidiaVerification.STEP_10;
  private static final String XMLDSIG = STEP_10 + "; W3C XML Signature 1.1 §3.2";
  private static final String TCG_RIM = STEP_10 + "; TCG RIM information model §5";
  private static final String FETCH =
      "fetch these reference values again from NVIDIA's RIM service";

  private final RimKind kind;
  private final Anchors anchors;
  private final List<OcspAnswer> answers;
  private final Instant now;

  RimVerification(RimKind kind, Anchors anchors, List<OcspAnswer> answers, Instant now) {
    this.kind = kind;
    this.anchors = anchors;
    this.answers = answers;
    this.now = now;
  }

  /** Values that are NVIDIA's own word, and what shows it. */
  record Proven(ReferenceValues values, CertificatePath path, PathStatus status) {}

  /** Takes the steps; empty when the last one taken has failed. */
  Optional<Proven> verify(NvidiaRim rim, Steps steps) {
    return switch (NvidiaPaths.ofRim(rim, anchors, now)) {
      case PathSearch.Missing(Fault f) -> {
        steps.take(failed("chain", f));
        yield Optional.empty();
      }
      case PathSearch.Found(CertificatePath path, _) -> {
        steps.take(
            passed(
                "chain",
                "a path to the pinned RIM root, valid at " + now,
                path.windows().size() + " certificates"));
        yield verify(rim, path, steps);
      }
    };
  }

  private Optional<Proven> verify(NvidiaRim rim, CertificatePath path, Steps steps) {
    PathStatus status = PathStatus.of(path, answers, now);
    if (!steps.take(nothingInTheChainIsRevoked(status))) {
      return Optional.empty();
    }
    Optional<ReferenceValues> values = rim.signedBy(path.leaf().getPublicKey());
    if (!steps.take(signerSignedTheWholeDocument(values.isPresent()))) {
      return Optional.empty();
    }
    return values
        .filter(v -> steps.take(manufacturerIsNvidia(v)))
        .map(v -> new Proven(v, path, status));
  }

  private Check nothingInTheChainIsRevoked(PathStatus status) {
    return status
        .fault()
        .map(f -> failed("ocsp", f))
        .orElseGet(() -> passed("ocsp", "no certificate of the chain revoked", status.describe()));
  }

  private Check signerSignedTheWholeDocument(boolean signed) {
    return Check.of(
        signed,
        claim("signature"),
        "ECDSA P-384 with SHA-384 over the document by the signer's key",
        signed ? "verified" : "not verified over this document with this key",
        XMLDSIG,
        FETCH);
  }

  private Check manufacturerIsNvidia(ReferenceValues values) {
    ReferenceValues.Manufacturer expected = ReferenceValues.Manufacturer.NVIDIA;
    return Check.of(
        values.manufacturer().equals(expected),
        claim("manufacturer"),
        expected.toString(),
        values.manufacturer().toString(),
        TCG_RIM,
        FETCH);
  }

  private Check failed(String step, Fault f) {
    return Check.failed(claim(step), f.expected(), f.got(), STEP_10, f.remedy());
  }

  private Check passed(String step, String expected, String got) {
    return Check.passed(claim(step), expected, got, STEP_10);
  }

  private String claim(String step) {
    return kind.word() + "-rim-" + step;
  }
}
