package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.lease.Claim;
import dev.leasehold.core.lease.Measurements;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The owner's judgement of evidence. It lists every check made, passed or not, in order. */
public sealed interface Appraisal {
  List<Check> checks();

  /** What the hardware said; absent when it was not shown to be genuine. */
  Optional<EnvironmentClaims> verified();

  /** The judgement once the caller's further checks (protocol §6.2 steps 6, 8, 9) are added. */
  Appraisal and(List<Check> further);

  /** The checks in the words of an appraisal statement (protocol §6.2). */
  default List<Claim> claims() {
    return checks().stream()
        .map(c ->
            new Claim(
                c.claim(), c.expected(), c.got(), c.ok() ? Claim.Ok.YES : Claim.Ok.NO, c.remedy()))
        .toList();
  }

  /** Accepted. Only the appraiser makes one, out of verified claims and checks that all passed. */
  final class Affirming implements Appraisal {
    private final EnvironmentClaims claims;
    private final Measurements.Entry entry;
    private final List<Check> checks;

    Affirming(EnvironmentClaims claims, Measurements.Entry entry, List<Check> checks) {
      if (!checks.stream().allMatch(Check::ok)) {
        throw new IllegalArgumentException("an affirming appraisal with a failed check");
      }
      this.claims = claims;
      this.entry = entry;
      this.checks = List.copyOf(checks);
    }

    /** The reference value that the program is. */
    public Measurements.Entry entry() {
      return entry;
    }

    @Override
    public List<Check> checks() {
      return checks;
    }

    @Override
    public Optional<EnvironmentClaims> verified() {
      return Optional.of(claims);
    }

    @Override
    public Appraisal and(List<Check> further) {
      List<Check> all = Stream.concat(checks.stream(), further.stream()).toList();
      return further.stream().allMatch(Check::ok)
          ? new Affirming(claims, entry, all)
          : new Refused(Optional.of(claims), all);
    }
  }

  /** Not accepted: at least one check failed. */
  record Refused(Optional<EnvironmentClaims> verified, List<Check> checks) implements Appraisal {
    public Refused {
      checks = List.copyOf(checks);
      if (checks.stream().allMatch(Check::ok)) {
        throw new IllegalArgumentException("a refusal without a failed check");
      }
    }

    /** The first failed check. */
    public Refusal refusal() {
      return checks.stream()
          .map(Check::refusal)
          .flatMap(Optional::stream)
          .findFirst()
          .orElseThrow();
    }

    @Override
    public Appraisal and(List<Check> further) {
      return new Refused(verified, Stream.concat(checks.stream(), further.stream()).toList());
    }
  }
}
