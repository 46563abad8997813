package dev.leasehold.consumer.trust;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import java.time.Instant;

/**
 * Whether the custodian says, recently, that the lease lives (protocol §11.1 check 2). Age is by
 * the consumer's own clock: nobody else's can be believed.
 */
public final class StapleCheck {
  private static final String CHECK = "staple";
  private static final long SLACK_MS = 30_000;
  private static final String REMEDY =
      "try again; if it stays so, the lease is no longer live, or this machine's clock is wrong";

  private StapleCheck() {}

  /** The staple that came with an answer: fresh, and of the enclave that was asked. */
  public static Signed<Staple> ofAnswer(Envelope envelope, TrustedEnclave enclave, Instant now)
      throws CheckFailed {
    Signed<Staple> staple = fresh(envelope, enclave.roster().body(), enclave.lease().body(), now);
    names(
        CHECK,
        staple.body(),
        enclave.evidence(),
        enclave.appraisal().hash(),
        enclave.modelPackage());
    return staple;
  }

  /** By a valid grant key, ACTIVE (there is no other state), and young enough. */
  static Signed<Staple> fresh(Envelope envelope, Roster roster, Lease lease, Instant now)
      throws CheckFailed {
    Signed<Staple> staple =
        CheckFailed.opening(
            CHECK,
            REMEDY,
            () -> Quorum.byGrantKey(Statements.STAPLE, envelope, roster, Staple::issuedAt));
    long allowed = Math.min(staple.body().validMs(), lease.ttlMs()) + SLACK_MS;
    long age = now.toEpochMilli() - staple.body().issuedAt();
    CheckFailed.require(
        -SLACK_MS <= age && age <= allowed,
        CHECK,
        "an age of at most " + allowed + " ms by this machine's clock",
        age + " ms",
        REMEDY);
    return staple;
  }

  /** The staple is about this enclave, this appraisal of it and this model. */
  static void names(
      String check,
      Staple staple,
      Signed<EvidenceStatement> evidence,
      Hash appraisal,
      Signed<ModelPackage> model)
      throws CheckFailed {
    EvidenceStatement enclave = evidence.body();
    same(check, "leaseId", enclave.leaseId(), staple.leaseId());
    same(check, "instanceId", enclave.instanceId(), staple.instanceId());
    same(check, "ik", enclave.ikRecord().keyid(), staple.ik());
    same(check, "evidence", evidence.hash(), staple.evidence());
    same(check, "appraisal", appraisal, staple.appraisal());
    same(check, "package", model.hash(), staple.modelPackage());
    same(check, "modelDigest", model.body().modelDigest(), staple.modelDigest());
    same(check, "epoch", enclave.epoch(), staple.epoch());
    same(check, "incarnation", enclave.incarnation(), staple.incarnation());
  }

  private static void same(String check, String field, Object expected, Object found)
      throws CheckFailed {
    CheckFailed.requireSame(check, "staple." + field, expected, found, REMEDY);
  }
}
