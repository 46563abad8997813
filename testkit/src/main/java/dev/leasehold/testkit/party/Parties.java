package dev.leasehold.testkit.party;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One approver, one grant key, one borrower, and the standing objects they signed: roster,
 * measurements, package, borrower, lease. Tests bend a statement and sign it anew.
 */
public final class Parties {
  /** When everything was issued. */
  public static final long NOW = 1_795_000_000_000L;

  public static final Id LEASE_ID = id(0x3f);
  public static final Id BORROWER_ID = id(0xb0);
  public static final Id INSTANCE_ID = id(0xa1);
  public static final Id SET_ID = id(0x5e);
  public static final Hash CONFIG = hash(0xcf);
  public static final Hash MODEL_DIGEST = hash(0x3d);

  public static final String LOG_ORIGIN = "custodian.example/log";

  public final Ed25519Signer approver = key(1);
  public final Ed25519Signer grantKey = key(2);
  public final Ed25519Signer borrowerKey = key(3);
  public final Ed25519Signer stranger = key(4);
  public final Ed25519Signer logKey = key(5);

  public final Signed<Roster> roster;
  public final Signed<Measurements> measurements;
  public final Signed<Borrower> borrower;
  public final Signed<ModelPackage> modelPackage;
  public final Signed<Lease> lease;

  /** Parties whose measurement set accepts this measurement on the given platform. */
  public Parties(HexBytes measurement, Measurements.Policy policy, String platformId) {
    roster = Dsse.sign(Statements.ROSTER, rosterBody(), approver);
    measurements =
        Dsse.sign(Statements.MEASUREMENTS, measurementsBody(measurement, policy), approver);
    borrower = Dsse.sign(Statements.BORROWER, borrowerBody(platformId), approver);
    modelPackage = Dsse.sign(Statements.PACKAGE, packageBody(), approver);
    lease = Dsse.sign(Statements.LEASE, leaseBody(modelPackage.hash()), approver);
  }

  /** Parties for tests without hardware evidence. */
  public Parties() {
    this(HexBytes.of(new byte[48]), noPolicy(), "sev-snp:00");
  }

  public static Ed25519Signer key(int n) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) n);
    return Ed25519Signer.fromSeed(seed);
  }

  public static Id id(int n) {
    byte[] bytes = new byte[Id.BYTES];
    Arrays.fill(bytes, (byte) n);
    return Id.of(bytes);
  }

  public static Hash hash(int n) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) n);
    return Hash.of(bytes);
  }

  public Hash approverSet() {
    return roster.body().approverSet();
  }

  public Bundles.LeaseBundle bundle() {
    return new Bundles.LeaseBundle(
        roster.envelope(),
        measurements.envelope(),
        borrower.envelope(),
        lease.envelope(),
        modelPackage.envelope());
  }

  private Roster rosterBody() {
    return new Roster(
        1,
        Optional.empty(),
        new Roster.Threshold(1, 1, 0),
        List.of(new Roster.Approver(approver.key(), "a-1", "business")),
        List.of(),
        List.of(new Roster.GrantKey(grantKey.key(), 0, NOW + 1_000_000_000_000L)),
        new Roster.Log(LOG_ORIGIN, logKey.key().ed25519()),
        Bytes.of(new byte[1216]),
        List.of(),
        NOW,
        List.of());
  }

  private static Measurements measurementsBody(HexBytes measurement, Measurements.Policy policy) {
    return new Measurements(
        SET_ID,
        1,
        Optional.empty(),
        NOW,
        List.of(
            new Measurements.Entry(
                Tee.SEV_SNP,
                measurement,
                "leasehold-enclave/test",
                CONFIG,
                HexBytes.EMPTY,
                List.of())),
        policy,
        NOW,
        List.of());
  }

  private static Measurements.Policy noPolicy() {
    return new Measurements.Policy(
        List.of(), Map.of(), 0, List.of("UpToDate"), List.of(), true, false, true, 604_800_000);
  }

  private Borrower borrowerBody(String platformId) {
    return new Borrower(
        BORROWER_ID,
        "A borrower",
        borrowerKey.key(),
        List.of(new Borrower.Platform(platformId, Tier.B)),
        NOW,
        List.of());
  }

  /** Two full chunks and three bytes of a third. */
  private static ModelPackage packageBody() {
    return new ModelPackage(
        id(0x9a),
        "stories",
        "1",
        ModelPackage.Format.GGUF,
        id(0xde),
        ModelPackage.CHUNK_BYTES,
        3,
        2 * ModelPackage.CHUNK_BYTES + 3,
        hash(0xc1),
        MODEL_DIGEST,
        hash(0xdc),
        512,
        new ModelPackage.Flops(1, 0, 1, 1, 1),
        List.of(),
        NOW,
        List.of());
  }

  private static Lease leaseBody(Hash modelPackage) {
    return new Lease(
        LEASE_ID,
        1,
        Optional.empty(),
        BORROWER_ID,
        modelPackage,
        SET_ID,
        "tests",
        new Vec(1_000, 100_000, 10_000, 1_000_000_000),
        new Vec(200, 20_000, 2_000, 100_000_000),
        new Vec(500, 50_000, 5_000, 500_000_000),
        45_000,
        45_000,
        600_000,
        15_000,
        2,
        12,
        Tier.B,
        Lease.ClockClass.NONE,
        0,
        new Lease.Telemetry(1, 1, 0),
        new Lease.Stream(512, 5),
        new Lease.Consumers(Lease.ConsumerMode.OPEN, List.of()),
        new Lease.Witness(0, false),
        NOW - 1_000,
        NOW + 7_000_000_000L,
        NOW,
        List.of());
  }
}
