package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.core.seal.SecretBytes;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The people of a test: two approvers, an operator, a borrower; and what they sign. */
final class Owner {
  static final SecureRandom RANDOM = new SecureRandom();
  static final HexBytes MEASUREMENT = new HexBytes("5a".repeat(48));
  static final Hash CONFIG = new Hash("cf".repeat(32));

  final Ed25519Signer approver = Ed25519Signer.generate(RANDOM);
  final Ed25519Signer second = Ed25519Signer.generate(RANDOM);
  final Ed25519Signer operator = Ed25519Signer.generate(RANDOM);
  final Ed25519Signer bk = Ed25519Signer.generate(RANDOM);
  final Ed25519Signer stranger = Ed25519Signer.generate(RANDOM);
  final byte[] dek = random(32);
  final Id packageId = id();
  final Id dekId = id();
  final Id borrowerId = id();
  final Id setId = id();
  final Id leaseId = id();
  final long now;
  final long threshold;

  Owner(long now, long threshold) {
    this.now = now;
    this.threshold = threshold;
  }

  Ed25519Signer[] quorum() {
    return threshold == 1 ? new Ed25519Signer[] {approver} : new Ed25519Signer[] {approver, second};
  }

  List<Roster.Approver> approvers() {
    return List.of(
        new Roster.Approver(approver.key(), "a-1", "business"),
        new Roster.Approver(second.key(), "a-2", "safety"));
  }

  Signed<Roster> roster(CustodianPublic server) {
    return Dsse.sign(Statements.ROSTER, rosterBody(server, 1, Optional.empty()), quorum());
  }

  Roster rosterBody(CustodianPublic server, long version, Optional<Hash> previous) {
    return new Roster(
        version,
        previous,
        new Roster.Threshold(threshold, 1, 0),
        approvers(),
        List.of(new Roster.Operator(operator.key(), "o-1", List.of(Roster.Capability.STOP))),
        List.of(new Roster.GrantKey(server.grantKey(), 0, now + 1_000_000_000_000L)),
        server.log(),
        server.importKey(),
        List.of(),
        now,
        List.of());
  }

  Signed<Measurements> measurements(long version, Optional<Hash> previous, HexBytes value) {
    return Dsse.sign(
        Statements.MEASUREMENTS,
        new Measurements(
            setId,
            version,
            previous,
            0,
            List.of(
                new Measurements.Entry(
                    Tee.SEV_SNP,
                    value,
                    "leasehold-enclave/test",
                    CONFIG,
                    HexBytes.EMPTY,
                    List.of())),
            new Measurements.Policy(
                List.of("genoa"),
                Map.of("genoa", new Measurements.TcbFloor(0, 10, 0, 23, 84)),
                0,
                List.of("UpToDate"),
                List.of(),
                true,
                false,
                true,
                604_800_000),
            now,
            List.of()),
        quorum());
  }

  Signed<Borrower> borrower(long issuedAt, Borrower.Platform... platforms) {
    return Dsse.sign(
        Statements.BORROWER,
        new Borrower(borrowerId, "A borrower", bk.key(), List.of(platforms), issuedAt, List.of()),
        quorum());
  }

  Signed<ModelPackage> modelPackage() {
    return Dsse.sign(
        Statements.PACKAGE,
        new ModelPackage(
            packageId,
            "stories",
            "1",
            ModelPackage.Format.GGUF,
            dekId,
            ModelPackage.CHUNK_BYTES,
            1,
            100,
            new Hash("c1".repeat(32)),
            new Hash("3d".repeat(32)),
            PackageValues.dekCommit(packageId, SecretBytes.taking(dek.clone())),
            512,
            new ModelPackage.Flops(0, 0, 1, 1, 0),
            List.of(),
            now,
            List.of()),
        quorum());
  }

  /** The lease of the worked example, protocol §19: only output tokens are budgeted. */
  Lease lease(Hash modelPackage) {
    return new Lease(
        leaseId,
        1,
        Optional.empty(),
        borrowerId,
        modelPackage,
        setId,
        "worked example",
        out(10_000),
        out(2_000),
        out(5_000),
        45_000,
        45_000,
        600_000,
        15_000,
        2,
        1_000,
        Tier.B,
        Lease.ClockClass.NONE,
        0,
        new Lease.Telemetry(64, 8, 50),
        new Lease.Stream(4096, 50),
        new Lease.Consumers(Lease.ConsumerMode.OPEN, List.of()),
        new Lease.Witness(0, false),
        now - 1_000,
        now + 7_776_000_000L,
        now,
        List.of());
  }

  Signed<Lease> sign(Lease lease) {
    return Dsse.sign(Statements.LEASE, lease, quorum());
  }

  Order order(Order.Action action, long leaseVer, long afterCseq, long at) {
    return new Order(
        action,
        leaseId,
        Target.ALL,
        leaseVer,
        afterCseq,
        Map.of(),
        "a test",
        Nonce.of(random(32)),
        at,
        at + 600_000,
        List.of());
  }

  static Vec out(long tokens) {
    return new Vec(0, 0, tokens, 0);
  }

  static Id id() {
    return Id.of(random(16));
  }

  static byte[] random(int bytes) {
    byte[] out = new byte[bytes];
    RANDOM.nextBytes(out);
    return out;
  }
}
