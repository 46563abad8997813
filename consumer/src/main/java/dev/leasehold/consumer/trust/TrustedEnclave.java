package dev.leasehold.consumer.trust;

import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Roster;
import java.time.Instant;

/**
 * An enclave that passed every check of protocol §11.1. Only {@link TrustChecks} makes one, and a
 * request is sealed to nothing else.
 */
public final class TrustedEnclave {
  /** What was signed by approvers, and fits together. */
  record Standing(Signed<Roster> roster, Signed<Lease> lease, Signed<ModelPackage> modelPackage) {}

  private final Standing standing;
  private final Signed<EvidenceStatement> evidence;
  private final Signed<AppraisalStatement> appraisal;
  private final Signed<KeyConfig> keyconfig;
  private final HpkePublicKey ck;
  private final Instant checkedAt;

  TrustedEnclave(
      Standing standing,
      Signed<EvidenceStatement> evidence,
      Signed<AppraisalStatement> appraisal,
      Signed<KeyConfig> keyconfig,
      HpkePublicKey ck,
      Instant checkedAt) {
    this.standing = standing;
    this.evidence = evidence;
    this.appraisal = appraisal;
    this.keyconfig = keyconfig;
    this.ck = ck;
    this.checkedAt = checkedAt;
  }

  public Signed<Roster> roster() {
    return standing.roster;
  }

  public Signed<Lease> lease() {
    return standing.lease;
  }

  public Signed<ModelPackage> modelPackage() {
    return standing.modelPackage;
  }

  public Signed<EvidenceStatement> evidence() {
    return evidence;
  }

  public Signed<AppraisalStatement> appraisal() {
    return appraisal;
  }

  public Signed<KeyConfig> keyconfig() {
    return keyconfig;
  }

  /** The key that requests are sealed to. */
  public HpkePublicKey ck() {
    return ck;
  }

  /** The key that signs receipts. */
  public KeyRecord ik() {
    return evidence.body().ikRecord();
  }

  /** When it passed, by the consumer's own clock. */
  public Instant checkedAt() {
    return checkedAt;
  }
}
