package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.lease.Measurements;
import java.util.List;
import java.util.Optional;

/**
 * What a relying party demands of evidence that is genuine. What is absent is not looked at.
 *
 * @param programs the reference values, one of which the environment must be
 * @param nonce what was sent to the attester; only for kinds whose {@link Freshness} is a nonce
 * @param reportData what the program must have put into its report; only for kinds that have it
 */
public record Expectations(
    PlatformPolicy platform,
    Optional<List<Measurements.Entry>> programs,
    Optional<HexBytes> nonce,
    Optional<ReportData> reportData) {

  /** The built-in policy over the platform, whatever runs on it. */
  public static final Expectations STRICT =
      new Expectations(PlatformPolicy.STRICT, Optional.empty(), Optional.empty(), Optional.empty());

  public Expectations {
    programs = programs.map(List::copyOf);
  }

  /** An owner's policy over platform and programs (protocol §6.1). */
  public static Expectations of(Measurements set) {
    return new Expectations(
        PlatformPolicy.of(set.policy()),
        Optional.of(set.entries()),
        Optional.empty(),
        Optional.empty());
  }

  public Expectations withNonce(HexBytes expected) {
    return new Expectations(platform, programs, Optional.of(expected), reportData);
  }

  public Expectations withReportData(ReportData expected) {
    return new Expectations(platform, programs, nonce, Optional.of(expected));
  }
}
