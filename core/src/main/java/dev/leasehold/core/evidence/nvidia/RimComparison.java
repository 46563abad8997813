package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.pki.Anchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a report, whose signature is verified, with the reference values of one kind that the
 * verifying party holds. None held at all is no fault here; whether the owner demands them is a
 * matter of appraisal. Once there are any, this kind must have some for the report's version: a
 * comparison is complete or it is none.
 */
final class RimComparison {
  private static final String STEP_10 = NvidiaVerification.STEP_10;

  /** What is measured of the first video decoder. */
  private static final int NVDEC0_INDEX = 35;

  private final RimKind kind;
  private final NvidiaReport report;
  private final String chip;
  private final List<NvidiaRim> held;
  private final RimVerification verification;

  RimComparison(
      RimKind kind,
      NvidiaReport report,
      String chip,
      Collateral collateral,
      Anchors anchors,
      Instant now) {
    this.kind = kind;
    this.report = report;
    this.chip = chip;
    this.held = collateral.rims();
    this.verification = new RimVerification(kind, anchors, collateral.ocspAnswers(), now);
  }

  /**
   * The steps for one kind of values.
   *
   * @param matched absent when none are held, or when the last check has failed
   */
  record Result(List<Check> checks, Optional<VerifiedRim> matched) {}

  /** Of several for the version, which differ by board, the first that is good is the answer. */
  Result compare() {
    String version = kind.version(report);
    List<NvidiaRim> fitting =
        held.stream()
            .filter(r -> RimKind.of(r) == kind && r.version().equalsIgnoreCase(version))
            .toList();
    Check found = versionHasReferenceValues(version, fitting);
    List<Result> results = new ArrayList<>();
    for (NvidiaRim rim : fitting) {
      results.add(compare(rim, found));
    }
    return results.stream()
        .filter(r -> r.matched().isPresent())
        .findFirst()
        .orElseGet(() ->
            results.isEmpty() ? new Result(List.of(found), Optional.empty()) : results.getFirst());
  }

  private Result compare(NvidiaRim rim, Check found) {
    Steps steps = new Steps();
    steps.take(found);
    Optional<VerifiedRim> matched =
        verification
            .verify(rim, steps)
            .filter(p -> steps.take(productIsThisChip(p.values())))
            .filter(p -> steps.take(measurementsAreAsReferenced(p.values())))
            .map(p ->
                new VerifiedRim(
                    kind.rimId(report), rim.sha256(), p.values(), p.path(), p.status()));
    return new Result(steps.taken(), matched);
  }

  private Check versionHasReferenceValues(String version, List<NvidiaRim> fitting) {
    String expected = "reference values for " + kind.word() + " " + version;
    List<String> versions = held.stream().map(NvidiaRim::version).distinct().toList();
    return Check.of(
        held.isEmpty() || !fitting.isEmpty(),
        kind.word() + "-rim",
        expected,
        held.isEmpty() ? "no reference values held" : "held for " + versions,
        STEP_10,
        "fetch " + kind.rimId(report) + " from NVIDIA's RIM service");
  }

  private Check productIsThisChip(ReferenceValues values) {
    return Check.of(
        values.product().equals(chip),
        kind.word() + "-rim-product",
        chip,
        values.product(),
        STEP_10,
        "fetch " + kind.rimId(report) + " from NVIDIA's RIM service");
  }

  private Check measurementsAreAsReferenced(ReferenceValues values) {
    List<Integer> mismatches = values.mismatches(report.measurements(), unmeasured());
    return Check.of(
        mismatches.isEmpty(),
        kind.word() + "-measurements",
        "the measurements at " + values.active() + " as referenced",
        mismatches.isEmpty() ? "all as referenced" : "others at " + mismatches,
        STEP_10,
        "install a driver and a VBIOS as NVIDIA has published them, and restart the GPU");
  }

  /**
   * Without the decoder there is nothing to measure at its index. NVIDIA's own verifier means to
   * leave the index out too, but compares the status byte with a constant of another type: its two
   * are never equal, and it compares what it should not.
   */
  private Set<Integer> unmeasured() {
    return switch (report.opaque().nvdec0()) {
      case ENABLED -> Set.of();
      case DISABLED -> Set.of(NVDEC0_INDEX);
    };
  }
}
