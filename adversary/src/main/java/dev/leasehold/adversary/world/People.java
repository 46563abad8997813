package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.custodian.CustodianPublic;
import dev.leasehold.enclave.terms.Program;
import dev.leasehold.testkit.party.Parties;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two approvers who must both sign to start anything, an operator who may stop, and a borrower.
 * Only output tokens and requests are budgeted, so that caps are met often.
 */
public final class People {
  public static final Id LEASE_ID = Parties.LEASE_ID;
  public static final Id PACKAGE_ID = Parties.id(0x9a);
  public static final Id DEK_ID = Parties.id(0xde);
  public static final HexBytes MEASUREMENT = new HexBytes("5a".repeat(48));
  private static final String PROGRAM = "leasehold-enclave/test";
  private static final long CRL_AGE_MS = Duration.ofDays(60).toMillis();
  private static final long ORDER_MS = Duration.ofMinutes(10).toMillis();

  private static final Ed25519Signer FIRST = Parties.key(0x21);
  private static final Ed25519Signer SECOND = Parties.key(0x22);
  private static final Ed25519Signer OPERATOR = Parties.key(0x23);
  private static final Ed25519Signer BORROWER = Parties.key(0x24);

  private People() {}

  /** Signs what starts things. */
  public static Ed25519Signer[] quorum() {
    return new Ed25519Signer[] {FIRST, SECOND};
  }

  static List<KeyRecord> approvers() {
    return List.of(FIRST.key(), SECOND.key());
  }

  /** What an honest enclave of this world says it is. */
  public static Program program() {
    return new Program(
        PROGRAM, Parties.CONFIG, Roster.approverSet(2, approvers()), Lease.ClockClass.NONE);
  }

  static byte[] dek() {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 0xde);
    return key;
  }

  static Signed<Roster> roster(CustodianPublic server) {
    return Dsse.sign(
        Statements.ROSTER,
        new Roster(
            1,
            Optional.empty(),
            new Roster.Threshold(2, 1, 0),
            List.of(
                new Roster.Approver(FIRST.key(), "a-1", "business"),
                new Roster.Approver(SECOND.key(), "a-2", "safety")),
            List.of(new Roster.Operator(OPERATOR.key(), "o-1", List.of(Roster.Capability.STOP))),
            List.of(new Roster.GrantKey(server.grantKey(), 0, Parties.NOW + 1_000_000_000_000L)),
            server.log(),
            server.importKey(),
            List.of(),
            Parties.NOW,
            List.of()),
        quorum());
  }

  static Signed<Measurements> measurements() {
    return Dsse.sign(
        Statements.MEASUREMENTS,
        new Measurements(
            Parties.SET_ID,
            1,
            Optional.empty(),
            0,
            List.of(
                new Measurements.Entry(
                    Tee.SEV_SNP, MEASUREMENT, PROGRAM, Parties.CONFIG, HexBytes.EMPTY, List.of())),
            new Measurements.Policy(
                List.of("genoa"),
                Map.of("genoa", new Measurements.TcbFloor(0, 10, 0, 23, 84)),
                0,
                List.of("UpToDate"),
                List.of(),
                true,
                false,
                true,
                CRL_AGE_MS),
            Parties.NOW,
            List.of()),
        quorum());
  }

  static Signed<Borrower> borrower(List<String> platforms) {
    return Dsse.sign(
        Statements.BORROWER,
        new Borrower(
            Parties.BORROWER_ID,
            "A borrower",
            BORROWER.key(),
            platforms.stream().map(p -> new Borrower.Platform(p, Tier.B)).toList(),
            Parties.NOW,
            List.of()),
        quorum());
  }

  static Signed<ModelPackage> modelPackage() {
    return Dsse.sign(
        Statements.PACKAGE,
        new ModelPackage(
            PACKAGE_ID,
            "stories",
            "1",
            ModelPackage.Format.GGUF,
            DEK_ID,
            ModelPackage.CHUNK_BYTES,
            1,
            100,
            Parties.hash(0xc1),
            Parties.MODEL_DIGEST,
            PackageValues.dekCommit(PACKAGE_ID, SecretBytes.taking(dek())),
            512,
            new ModelPackage.Flops(0, 0, 1, 1, 0),
            List.of(),
            Parties.NOW,
            List.of()),
        quorum());
  }

  /** The first version of a lease, or the next one after {@code previous}. */
  public static Signed<Lease> lease(
      Limits limits, Hash modelPackage, Optional<Signed<Lease>> previous) {
    long version = previous.map(p -> p.body().version() + 1).orElse(1L);
    return Dsse.sign(
        Statements.LEASE,
        new Lease(
            LEASE_ID,
            version,
            previous.map(Signed::hash),
            Parties.BORROWER_ID,
            modelPackage,
            Parties.SET_ID,
            "a schedule",
            limits.budget(),
            limits.tranche(),
            limits.exposureMax(),
            limits.ttlMs(),
            limits.ttlMs(),
            10 * limits.ttlMs(),
            limits.heartbeatMs(),
            limits.maxActive(),
            limits.bootsPerHour(),
            Tier.B,
            Lease.ClockClass.NONE,
            0,
            new Lease.Telemetry(limits.quantum(), limits.minRequests(), limits.topUpPercent()),
            new Lease.Stream(512, 5),
            new Lease.Consumers(Lease.ConsumerMode.OPEN, List.of()),
            new Lease.Witness(0, false),
            Parties.NOW - 1_000,
            Parties.NOW + limits.lifeMs(),
            Parties.NOW,
            List.of()),
        quorum());
  }

  /** What a person orders, looking at this version of the lease and this newest command. */
  public static Order order(
      Order.Action action,
      Target target,
      long leaseVersion,
      long afterCseq,
      Map<String, String> args,
      Nonce nonce,
      long now) {
    return new Order(
        action,
        LEASE_ID,
        target,
        leaseVersion,
        afterCseq,
        args,
        "a schedule",
        nonce,
        now,
        now + ORDER_MS,
        List.of());
  }

  /** Signed by those it needs: one who may stop, or the quorum. */
  public static Signed<Order> sign(Order order) {
    return order.action().stops()
        ? Dsse.sign(Statements.ORDER, order, OPERATOR)
        : Dsse.sign(Statements.ORDER, order, quorum());
  }

  /** The borrower's key is on the host: it says hello as often as it wants. */
  public static Signed<Hello> hello(Nonce nonce, long now) {
    return Dsse.sign(Statements.HELLO, new Hello(LEASE_ID, Tee.SEV_SNP, nonce, now), BORROWER);
  }
}
