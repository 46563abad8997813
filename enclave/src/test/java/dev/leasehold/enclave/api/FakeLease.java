package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.meter.View;
import dev.leasehold.enclave.model.LeaseLimits;
import dev.leasehold.enclave.model.Metering;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.terms.Program;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.ScriptedCustodian;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A lease in the test's hands: allowance, mode, staple and rotations are set, not granted. */
final class FakeLease implements ServedLease {
  static final int FRAME_BYTES = 512;
  static final int FRAME_MS = 5;
  private static final long HOUR = Duration.ofHours(1).toNanos();

  final int frameBytes;
  final Guard guard = new Guard(System.nanoTime());
  final Tally tally = new Tally();
  final AtomicInteger drains = new AtomicInteger();
  final Ed25519Signer ik = Approvers.key(40);
  final ModelPackage modelPackage = Approvers.emptyPackage();
  final Vec budget;
  volatile long rotations;
  volatile boolean stapled = true;

  private final Challenged challenged;
  private final Signed<EvidenceStatement> evidence;
  private final Envelope appraisal;
  private final Envelope staple;

  FakeLease() throws Exception {
    this(FRAME_BYTES, FRAME_MS);
  }

  FakeLease(int frameBytes, int frameMs) throws Exception {
    this.frameBytes = frameBytes;
    ScriptedCustodian custodian =
        new ScriptedCustodian(
            modelPackage,
            draft -> {
              draft.frameBytes = frameBytes;
              draft.frameMs = frameMs;
            });
    Program program =
        new Program(
            "leasehold-enclave/test",
            Approvers.hash(9),
            custodian.people.approverSet(),
            Lease.ClockClass.NONE);
    challenged = Challenged.accept(custodian.start(), program);
    evidence =
        Dsse.sign(
            Statements.EVIDENCE,
            challenged.evidence(program, ik.key().ed25519(), Bytes.of(new byte[1216])),
            ik);
    appraisal = custodian.appraisal(evidence, a -> a);
    staple = custodian.staple(evidence);
    budget = custodian.lease.budget();
    guard.renew(System.nanoTime() + HOUR);
    guard.mode(Mode.RUN);
  }

  Metering metering() {
    return new Metering(
        guard,
        new Tariff(modelPackage.flops()),
        () -> new LeaseLimits(budget, Duration.ofSeconds(15)),
        System::nanoTime);
  }

  /** An allowance that will not grow. */
  void allow(Vec allowance) {
    guard.raise(allowance);
    guard.raise(allowance);
  }

  @Override
  public Instance me() {
    return new Instance(
        Approvers.LEASE_ID,
        ScriptedCustodian.INSTANCE_ID,
        1,
        ik,
        challenged.challenge().hash(),
        evidence.hash());
  }

  @Override
  public View view() {
    return new View(
        challenged.terms(),
        1,
        Approvers.NOW,
        Approvers.hash(77),
        new Bundles.EvidencePost(
            evidence.envelope(), Tee.SEV_SNP, Bytes.EMPTY, List.of(), List.of()),
        appraisal,
        stapled ? Optional.of(staple) : Optional.empty(),
        rotations);
  }

  @Override
  public boolean mayEmit() {
    return guard.mayEmit(System.nanoTime());
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void drain() {
    drains.incrementAndGet();
  }
}
