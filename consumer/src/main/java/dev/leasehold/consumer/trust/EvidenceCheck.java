package dev.leasehold.consumer.trust;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.appraise.Binding;
import dev.leasehold.core.appraise.EvidenceBundle;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.RevocationList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The consumer's own verification and appraisal of an enclave's evidence (protocol §11.1 check 3:
 * steps 2 to 5 and 7 of §6.2; step 8 is {@link #statement}). The custodian's appraisal is not
 * asked.
 */
final class EvidenceCheck {
  private static final String NAME = "evidence";

  private final Anchors anchors;
  private final CollateralFolder folder;

  EvidenceCheck(Anchors anchors, CollateralFolder folder) {
    this.anchors = anchors;
    this.folder = folder;
  }

  /** Opens the statement under the key inside it. */
  static Signed<EvidenceStatement> statement(Bundles.EvidencePost post) throws CheckFailed {
    return CheckFailed.opening(
        NAME + ":statement",
        "do not use this enclave: it is not the one its statement speaks of",
        () ->
            Dsse.openSelfSigned(Statements.EVIDENCE, post.evidence(), EvidenceStatement::ikRecord));
  }

  /**
   * Genuine hardware that runs an accepted program, bound to this statement.
   *
   * @param lists revocation lists in DER that came with the bundle; their issuer signed them
   */
  EnvironmentClaims claims(
      Bundles.EvidencePost post,
      Signed<EvidenceStatement> statement,
      Measurements accepted,
      List<Bytes> lists,
      Instant now)
      throws CheckFailed {
    Evidence evidence = parse(post);
    Collateral collateral = withLists(folder.read(), lists);
    Verdict verdict = Verifier.verify(evidence, collateral, anchors, now);
    Binding binding =
        Binding.to(statement.hash(), statement.body().nonce(), statement.body().config());
    return switch (Appraiser.appraise(verdict, accepted, binding, now)) {
      case Appraisal.Affirming affirming -> affirming.verified().orElseThrow();
      case Appraisal.Refused refused -> throw failed(refused.refusal());
    };
  }

  private static Evidence parse(Bundles.EvidencePost post) throws CheckFailed {
    return CheckFailed.opening(
        NAME + ":malformed",
        "ask the borrower for an enclave whose evidence is intact",
        () -> EvidenceBundle.read(post));
  }

  private static Collateral withLists(Collateral own, List<Bytes> lists) throws CheckFailed {
    List<RevocationList> all = new ArrayList<>();
    for (Bytes der : lists) {
      try {
        all.add(RevocationList.parse("collateral", der.toArray()));
      } catch (Malformed e) {
        throw new CheckFailed(
            NAME + ":crl",
            e.expected(),
            e.found(),
            "put the root's revocation list into the proxy's own collateral folder");
      }
    }
    return own.and(Collateral.ofRevocations(all));
  }

  private CheckFailed failed(Refusal refusal) {
    String where =
        refusal.claim().equals("crl")
            ? "; for this proxy: put it, in DER, as a file *.crl into " + folder.folder()
            : "";
    return new CheckFailed(
        NAME + ":" + refusal.claim(),
        refusal.expected(),
        refusal.got(),
        refusal.remedy() + where + " (" + refusal.source() + ")");
  }
}
