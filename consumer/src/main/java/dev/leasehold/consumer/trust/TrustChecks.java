package dev.leasehold.consumer.trust;

import dev.leasehold.consumer.trust.TrustedEnclave.Standing;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.hpke.Hpke;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Bundles.WellKnown;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.pki.Anchors;
import java.time.Instant;
import java.util.Optional;

/**
 * The checks of protocol §11.1, in its order. What they check came from a relay that is trusted for
 * nothing; what they check it against is the trust file, the vendors' roots and the own clock.
 */
public final class TrustChecks {
  private static final long EXPIRY_SLACK_MS = 300_000;

  private static final String NOT_YOURS =
      "this relay serves another lease or model than your trust file names: use the right relay,"
          + " or write a new trust file if the custodian told you so";
  private static final String UNTRUSTED =
      "do not use this relay until the custodian has explained it";
  private static final String TRY_AGAIN =
      "try again; if it stays so, ask the borrower to restart the enclave";

  private final TrustFile trust;
  private final EvidenceCheck evidenceCheck;
  private final LogCheck logCheck;

  public TrustChecks(
      TrustFile trust, Anchors anchors, CollateralFolder collateral, LogCheck logCheck) {
    this.trust = trust;
    this.logCheck = logCheck;
    this.evidenceCheck = new EvidenceCheck(anchors, collateral);
  }

  /** Everything holds, or the first check that does not. */
  public TrustedEnclave check(WellKnown seen, Instant now) throws CheckFailed {
    Signed<Roster> roster = roster(seen);
    Signed<Measurements> measurements = measurements(seen, roster.body());
    Standing standing = standing(seen, roster);
    Signed<Staple> staple =
        StapleCheck.fresh(seen.staple(), roster.body(), standing.lease().body(), now);

    Signed<EvidenceStatement> evidence = EvidenceCheck.statement(seen.evidence());
    EnvironmentClaims claims =
        evidenceCheck.claims(
            seen.evidence(), evidence, measurements.body(), seen.collateral(), now);
    statementFits(evidence.body(), standing, measurements);
    Signed<AppraisalStatement> appraisal = appraisal(seen, roster.body());
    platformIsTheAppraisals(claims, appraisal.body());

    identity(standing);
    Signed<KeyConfig> keyconfig = keyconfig(seen, evidence.body(), standing, now);
    HpkePublicKey ck = ck(keyconfig.body());
    appraisalNames(appraisal.body(), evidence, claims);
    StapleCheck.names(
        "appraisal", staple.body(), evidence, appraisal.hash(), standing.modelPackage());
    logCheck.check(seen.checkpoint(), roster.body().log(), staple.body());
    return new TrustedEnclave(standing, evidence, appraisal, keyconfig, ck, now);
  }

  /** Still inside its time, for a trust that is kept. */
  static boolean isCurrent(KeyConfig keyconfig, Instant now) {
    return now.toEpochMilli() <= keyconfig.expiresAt() + EXPIRY_SLACK_MS;
  }

  private Signed<Roster> roster(WellKnown seen) throws CheckFailed {
    return CheckFailed.opening(
        "quorum", UNTRUSTED, () -> Quorum.roster(seen.roster(), trust.approverSet()));
  }

  private static Signed<Measurements> measurements(WellKnown seen, Roster roster)
      throws CheckFailed {
    return CheckFailed.opening(
        "quorum", UNTRUSTED, () -> Quorum.measurements(seen.measurements(), roster));
  }

  private static Standing standing(WellKnown seen, Signed<Roster> roster) throws CheckFailed {
    Signed<Lease> lease =
        CheckFailed.opening(
            "quorum",
            UNTRUSTED,
            () -> Quorum.standing(Statements.LEASE, seen.lease(), roster.body()));
    Signed<ModelPackage> modelPackage =
        CheckFailed.opening(
            "quorum",
            UNTRUSTED,
            () -> Quorum.standing(Statements.PACKAGE, seen.modelPackage(), roster.body()));
    return new Standing(roster, lease, modelPackage);
  }

  /**
   * Protocol §6.2 step 8, as far as somebody can who did not make the challenge: genuine evidence
   * of another lease's or borrower's enclave is refused here. Roster and lease may have had newer
   * versions since.
   */
  private void statementFits(
      EvidenceStatement s, Standing standing, Signed<Measurements> measurements)
      throws CheckFailed {
    Lease lease = standing.lease().body();
    sameInStatement("approverSet", trust.approverSet(), s.approverSet());
    sameInStatement("leaseId", lease.leaseId(), s.leaseId());
    sameInStatement("borrowerId", lease.borrowerId(), s.borrowerId());
    sameInStatement("package", standing.modelPackage().hash(), s.modelPackage());
    sameInStatement("measurements", measurements.hash(), s.measurements());
    sameInStatement("measurements.setId", lease.measurementSet(), measurements.body().setId());
  }

  private static void platformIsTheAppraisals(EnvironmentClaims claims, AppraisalStatement a)
      throws CheckFailed {
    CheckFailed.requireSame(
        "evidence:platform",
        "appraisal.platformId",
        claims.platformId(),
        a.platformId(),
        UNTRUSTED);
  }

  private void identity(Standing standing) throws CheckFailed {
    Lease lease = standing.lease().body();
    expected("leaseId", trust.leaseId(), lease.leaseId());
    expected("borrowerId", trust.borrowerId(), lease.borrowerId());
    expected("package", trust.modelPackage(), standing.modelPackage().hash());
    expected("modelDigest", trust.modelDigest(), standing.modelPackage().body().modelDigest());
    expected("lease.package", Optional.of(lease.modelPackage()), standing.modelPackage().hash());
  }

  private static Signed<KeyConfig> keyconfig(
      WellKnown seen, EvidenceStatement enclave, Standing standing, Instant now)
      throws CheckFailed {
    Signed<KeyConfig> signed =
        CheckFailed.opening(
            "keyconfig",
            TRY_AGAIN,
            () -> Dsse.open(Statements.KEY_CONFIG, seen.keyconfig(), enclave.ikRecord()));
    KeyConfig k = signed.body();
    sameInKeyConfig("leaseId", enclave.leaseId(), k.leaseId());
    sameInKeyConfig("instanceId", enclave.instanceId(), k.instanceId());
    sameInKeyConfig("modelDigest", standing.modelPackage().body().modelDigest(), k.modelDigest());
    sameInKeyConfig("kem", (long) Hpke.KEM_ID, k.kem());
    sameInKeyConfig("kdf", (long) Hpke.KDF_ID, k.kdf());
    sameInKeyConfig("aead", (long) Hpke.AEAD_ID, k.aead());
    CheckFailed.require(
        Lease.Stream.fits(k.frameBytes()),
        "keyconfig",
        "frameBytes of " + Lease.Stream.FRAME_BYTES,
        k.frameBytes(),
        TRY_AGAIN);
    CheckFailed.require(
        isCurrent(k, now),
        "keyconfig",
        "a key that expires after " + now.minusMillis(EXPIRY_SLACK_MS),
        Instant.ofEpochMilli(k.expiresAt()),
        TRY_AGAIN);
    return signed;
  }

  private static HpkePublicKey ck(KeyConfig keyconfig) throws CheckFailed {
    return CheckFailed.opening(
        "keyconfig", TRY_AGAIN, () -> HpkePublicKey.parse("keyconfig.ck", keyconfig.ck()));
  }

  private static Signed<AppraisalStatement> appraisal(WellKnown seen, Roster roster)
      throws CheckFailed {
    return CheckFailed.opening(
        "appraisal",
        UNTRUSTED,
        () ->
            Quorum.byGrantKey(
                Statements.APPRAISAL, seen.appraisal(), roster, AppraisalStatement::issuedAt));
  }

  private static void appraisalNames(
      AppraisalStatement a, Signed<EvidenceStatement> evidence, EnvironmentClaims claims)
      throws CheckFailed {
    EvidenceStatement enclave = evidence.body();
    sameInAppraisal("evidence", evidence.hash(), a.evidence());
    sameInAppraisal("leaseId", enclave.leaseId(), a.leaseId());
    sameInAppraisal("instanceId", enclave.instanceId(), a.instanceId());
    sameInAppraisal("ik", enclave.ikRecord().keyid(), a.ik());
    sameInAppraisal("tee", Appraiser.tee(claims), a.tee());
    sameInAppraisal("measurement", claims.measurement(), a.measurement());
    sameInAppraisal("verdict", AppraisalStatement.Verdict.AFFIRMING, a.verdict());
  }

  private static void expected(String field, Optional<?> expected, Object found)
      throws CheckFailed {
    if (expected.isPresent()) {
      CheckFailed.requireSame("identity", field, expected.get(), found, NOT_YOURS);
    }
  }

  private static void sameInStatement(String field, Object expected, Object found)
      throws CheckFailed {
    CheckFailed.requireSame("evidence:statement", field, expected, found, UNTRUSTED);
  }

  private static void sameInKeyConfig(String field, Object expected, Object found)
      throws CheckFailed {
    CheckFailed.requireSame("keyconfig", field, expected, found, TRY_AGAIN);
  }

  private static void sameInAppraisal(String field, Object expected, Object found)
      throws CheckFailed {
    CheckFailed.requireSame("appraisal", field, expected, found, UNTRUSTED);
  }
}
