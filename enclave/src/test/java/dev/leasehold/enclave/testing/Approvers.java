package dev.leasehold.enclave.testing;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The people of one custodian: their keys and the standing objects they signed. */
public final class Approvers {
  public static final long NOW = 1_795_000_000_000L;
  public static final Id LEASE_ID = id(1);
  public static final Id BORROWER_ID = id(2);

  public final Ed25519Signer approver = key(1);
  public final Ed25519Signer grantKey = key(2);
  public final Ed25519Signer nextGrantKey = key(3);
  public final Ed25519Signer operator = key(4);

  /** A key pair that is the same in every run. */
  public static Ed25519Signer key(int n) {
    byte[] seed = new byte[32];
    seed[31] = (byte) n;
    return Ed25519Signer.fromSeed(seed);
  }

  public static Id id(int n) {
    byte[] bytes = new byte[Id.BYTES];
    bytes[15] = (byte) n;
    return Id.of(bytes);
  }

  public static Hash hash(int n) {
    return Digests.sha256(new byte[] {(byte) n});
  }

  public Hash approverSet() {
    return Roster.approverSet(1, List.of(approver.key()));
  }

  public Roster roster() {
    return roster(1, Optional.empty(), grantKey);
  }

  public Roster roster(long version, Optional<Hash> previous, Ed25519Signer... grantKeys) {
    return new Roster(
        version,
        previous,
        new Roster.Threshold(1, 1, 0),
        List.of(new Roster.Approver(approver.key(), "a-1", "business")),
        List.of(new Roster.Operator(operator.key(), "o-1", List.of(Roster.Capability.STOP))),
        List.of(grantKeys).stream()
            .map(k -> new Roster.GrantKey(k.key(), 0, NOW + 86_400_000_000L))
            .toList(),
        new Roster.Log("custodian.example/log", Bytes.of(new byte[32])),
        Bytes.of(new byte[1216]),
        List.of(),
        NOW,
        List.of());
  }

  public Envelope sign(Roster roster) {
    return Dsse.sign(Statements.ROSTER, roster, approver).envelope();
  }

  public Envelope sign(Lease lease) {
    return Dsse.sign(Statements.LEASE, lease, approver).envelope();
  }

  public Envelope sign(ModelPackage modelPackage) {
    return Dsse.sign(Statements.PACKAGE, modelPackage, approver).envelope();
  }

  public Envelope sign(Order order) {
    return Dsse.sign(Statements.ORDER, order, approver).envelope();
  }

  public Envelope measurements() {
    Measurements set =
        new Measurements(
            id(3),
            1,
            Optional.empty(),
            0,
            List.of(
                new Measurements.Entry(
                    Tee.SEV_SNP,
                    HexBytes.of(new byte[48]),
                    "leasehold-enclave/test",
                    hash(9),
                    HexBytes.EMPTY,
                    List.of())),
            new Measurements.Policy(
                List.of(),
                Map.of(),
                0,
                List.of("UpToDate"),
                List.of(),
                true,
                false,
                true,
                604_800_000),
            NOW,
            List.of());
    return Dsse.sign(Statements.MEASUREMENTS, set, approver).envelope();
  }

  public Envelope borrower() {
    Borrower borrower =
        new Borrower(BORROWER_ID, "Borrower", key(5).key(), List.of(), NOW, List.of());
    return Dsse.sign(Statements.BORROWER, borrower, approver).envelope();
  }

  /** A package that nothing is in; for tests that never open it. */
  public static ModelPackage emptyPackage() {
    return new ModelPackage(
        id(6),
        "stories",
        "1",
        ModelPackage.Format.GGUF,
        id(7),
        ModelPackage.CHUNK_BYTES,
        1,
        100,
        hash(1),
        hash(2),
        hash(3),
        512,
        new ModelPackage.Flops(1, 0, 1, 1, 1),
        List.of(),
        NOW,
        List.of());
  }

  public LeaseDraft lease(Hash modelPackage) {
    return new LeaseDraft(modelPackage);
  }

  /** A lease to be changed before it is built. */
  public static final class LeaseDraft {
    public long version = 1;
    public Optional<Hash> supersedes = Optional.empty();
    public Id leaseId = LEASE_ID;
    public Id borrowerId = BORROWER_ID;
    public Hash modelPackage;
    public Vec budget = new Vec(1_000, 100_000, 10_000, 1_000_000_000);
    public Vec tranche = new Vec(200, 20_000, 2_000, 100_000_000);
    public Vec exposureMax = new Vec(500, 50_000, 5_000, 500_000_000);
    public long ttlMs = 45_000;
    public long graceMs = 45_000;
    public long suspendGraceMs = 600_000;
    public long heartbeatMs = 15_000;
    public Lease.ClockClass clock = Lease.ClockClass.NONE;
    public long quantum = 64;
    public long minRequests = 8;
    public long topUpPercent = 50;
    public long frameBytes = 4096;
    public long frameMs = 50;
    public long notBefore = NOW - 1_000;
    public long notAfter = NOW + 7_000_000_000L;

    private LeaseDraft(Hash modelPackage) {
      this.modelPackage = modelPackage;
    }

    public Lease build() {
      return new Lease(
          leaseId,
          version,
          supersedes,
          borrowerId,
          modelPackage,
          id(3),
          "test",
          budget,
          tranche,
          exposureMax,
          ttlMs,
          graceMs,
          suspendGraceMs,
          heartbeatMs,
          2,
          12,
          Tier.B,
          clock,
          0,
          new Lease.Telemetry(quantum, minRequests, topUpPercent),
          new Lease.Stream(frameBytes, frameMs),
          new Lease.Consumers(Lease.ConsumerMode.OPEN, List.of()),
          new Lease.Witness(0, false),
          notBefore,
          notAfter,
          NOW,
          List.of());
    }
  }
}
