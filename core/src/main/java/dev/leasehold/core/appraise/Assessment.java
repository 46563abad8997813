package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.lease.Measurements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A relying party's judgement of one piece of evidence by itself, outside any lease: whether it is
 * genuine, and whether it is what was expected. Lists every check made, passed or not, in order. A
 * lease's judgement is an {@link Appraisal}.
 */
public final class Assessment {
  private static final String SOURCE = "relying party";
  private static final String NONE = "none";

  private final Optional<VerifiedClaims> claims;
  private final List<Check> checks;

  private Assessment(Optional<VerifiedClaims> claims, List<Check> checks) {
    this.claims = claims;
    this.checks = List.copyOf(checks);
  }

  /** Judges a verdict reached as of {@code now}. Evidence that is not genuine says nothing. */
  public static Assessment of(Verdict verdict, Expectations expected, Instant now) {
    return switch (verdict) {
      case Verdict.Refused(_, List<Check> checks) -> new Assessment(Optional.empty(), checks);
      case Verdict.Genuine(VerifiedClaims claims, List<Check> verification) -> {
        List<Check> checks = new ArrayList<>(verification);
        checks.addAll(PlatformChecks.of(claims, expected.platform(), now));
        expected.programs().ifPresent(p -> checks.addAll(programChecks(claims, p)));
        expected.nonce().ifPresent(n -> checks.add(nonceIsRepeated(claims, n)));
        expected.reportData().ifPresent(r -> checks.add(reportDataIsAsExpected(claims, r)));
        yield new Assessment(Optional.of(claims), checks);
      }
    };
  }

  /** Signatures, chains, bindings and dates hold. */
  public boolean genuine() {
    return claims.isPresent();
  }

  /** Genuine, and everything expected holds. */
  public boolean accepted() {
    return genuine() && checks.stream().allMatch(Check::ok);
  }

  /** What the hardware says; absent when it was not shown to be genuine. */
  public Optional<VerifiedClaims> claims() {
    return claims;
  }

  public List<Check> checks() {
    return checks;
  }

  /** Every check that failed; where the evidence is not genuine, the one that ended it. */
  public List<Refusal> refusals() {
    return checks.stream().map(Check::refusal).flatMap(Optional::stream).toList();
  }

  private static List<Check> programChecks(
      VerifiedClaims claims, List<Measurements.Entry> programs) {
    return switch (claims) {
      case EnvironmentClaims environment -> new ReferenceSearch(programs, environment).checks();
      case VerifiedClaims other -> List.of(Appraiser.isNoEnvironment(other));
    };
  }

  private static Check nonceIsRepeated(VerifiedClaims claims, HexBytes expected) {
    Optional<HexBytes> got = Freshness.NONCE.in(claims);
    return Check.of(
        got.equals(Optional.of(expected)),
        "nonce",
        expected.hex(),
        got.map(HexBytes::hex).orElse(NONE),
        SOURCE,
        "ask the attester for new evidence over exactly this nonce");
  }

  private static Check reportDataIsAsExpected(VerifiedClaims claims, ReportData expected) {
    Optional<HexBytes> got = Freshness.REPORT_DATA.in(claims);
    return Check.of(
        got.equals(Optional.of(expected.value())),
        "report-data",
        expected.toString(),
        got.map(HexBytes::hex).orElse(NONE),
        SOURCE,
        "ask for evidence whose program puts exactly these 64 bytes into its report");
  }
}
