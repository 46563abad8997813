package dev.leasehold.core.lease;

import static dev.leasehold.core.bytes.Malformed.requireSame;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Wire;
import java.util.List;
import java.util.Optional;

/**
 * The ceilings of one lease, verified by the custodian and inside the enclave (protocol §6.1).
 *
 * @param purpose free text, at most 500 bytes
 * @param exposureMax the most that may ever be promised and not yet proven used: the X of the
 *     off-switch never exceeds it
 * @param ttlMs a grant lets an enclave serve this long from the first sending of its heartbeat
 * @param graceMs after that, this long until it wipes itself
 */
public record Lease(
    Id leaseId,
    long version,
    Optional<Hash> supersedes,
    Id borrowerId,
    @Wire("package") Hash modelPackage,
    Id measurementSet,
    String purpose,
    Vec budget,
    Vec tranche,
    Vec exposureMax,
    long ttlMs,
    long graceMs,
    long suspendGraceMs,
    long heartbeatMs,
    long maxActive,
    long maxBootsPerHour,
    Tier minTier,
    ClockClass clock,
    long rhoPermille,
    Telemetry telemetry,
    Stream stream,
    Consumers consumers,
    Witness witness,
    long notBefore,
    long notAfter,
    long issuedAt,
    List<Hash> approvals)
    implements Versioned {

  public Lease {
    Rules.atLeastOne("version", version);
    Rules.require(
        (version == 1) == supersedes.isEmpty(),
        "supersedes: empty exactly in version 1",
        supersedes);
    Rules.require(
        tranche.atMost(exposureMax),
        "tranche: expected at most exposureMax " + exposureMax,
        tranche);
    Rules.require(
        exposureMax.atMost(budget), "exposureMax: expected at most budget " + budget, exposureMax);
    Rules.require(
        telemetry.quantum <= Math.max(1, tranche.outputTokens() / 8) && telemetry.quantum >= 1,
        "telemetry.quantum: expected 1 to an eighth of tranche.outputTokens",
        telemetry.quantum);
    Rules.atLeastOne("heartbeatMs", heartbeatMs);
    Rules.require(ttlMs >= 2 * heartbeatMs, "ttlMs: expected at least 2·heartbeatMs", ttlMs);
    Rules.require(2 * graceMs >= ttlMs, "graceMs: expected at least ttlMs/2", graceMs);
    Rules.atLeastOne("maxActive", maxActive);
    Rules.atLeastOne("maxBootsPerHour", maxBootsPerHour);
    Rules.require(notBefore < notAfter, "notAfter: expected later than notBefore", notAfter);
  }

  public boolean validAt(long now) {
    return notBefore <= now && now < notAfter;
  }

  /**
   * The most that a grant may allow an enclave (protocol §6.3 step 4): a tranche beyond its
   * reported use, within the budget; what it was allowed before is not taken back.
   */
  public Vec mostAllowed(Vec used, Vec before) {
    return budget.min(used.plusOrMax(tranche)).max(before);
  }

  /** Refuses to follow a version of another lease: these fields never change (protocol §6.1). */
  public void requireSameLease(Lease before) throws Malformed {
    requireSame("lease.leaseId", before.leaseId, leaseId);
    requireSame("lease.borrowerId", before.borrowerId, borrowerId);
    requireSame("lease.package", before.modelPackage, modelPackage);
    requireSame("lease.notBefore", before.notBefore, notBefore);
  }

  @Override
  public Optional<Hash> previous() {
    return supersedes;
  }

  /** The clock an enclave may trust. {@code none}: work is bounded, time is not promised. */
  public enum ClockClass {
    @Wire("none")
    NONE,
    @Wire("secure-tsc")
    SECURE_TSC,
    @Wire("tdx")
    TDX
  }

  /**
   * How coarse heartbeats are (protocol §12).
   *
   * @param quantum tokens are reported rounded down to a multiple of this
   * @param topUpPercent ask early when less than this share of the tranche is left; 0 = never
   */
  public record Telemetry(long quantum, long minRequests, long topUpPercent) {
    public Telemetry {
      Rules.require(topUpPercent <= 100, "topUpPercent: expected 0 to 100", topUpPercent);
    }
  }

  /** Size and cadence of response frames. */
  public record Stream(long frameBytes, long frameMs) {
    private static final long MIN_FRAME_BYTES = 256;
    private static final long MAX_FRAME_BYTES = 16_384;

    /** The sizes that {@link #fits} takes, in words. */
    public static final String FRAME_BYTES = MIN_FRAME_BYTES + " to " + MAX_FRAME_BYTES;

    public Stream {
      Rules.require(fits(frameBytes), "stream.frameBytes: expected " + FRAME_BYTES, frameBytes);
      Rules.require(
          frameMs >= 5 && frameMs <= 1_000, "stream.frameMs: expected 5 to 1000", frameMs);
    }

    /** Whether frames may be of this size. */
    public static boolean fits(long frameBytes) {
      return frameBytes >= MIN_FRAME_BYTES && frameBytes <= MAX_FRAME_BYTES;
    }
  }

  /** Who may send requests. */
  public record Consumers(ConsumerMode mode, List<KeyRecord> keys) {}

  /** Whether anyone or only listed keys may send requests. */
  public enum ConsumerMode {
    @Wire("open")
    OPEN,
    @Wire("listed")
    LISTED
  }

  /** How many log witnesses a grant needs; 0 and false until witnesses exist. */
  public record Witness(long k, boolean gate) {}
}
