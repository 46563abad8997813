package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.lease.Measurements;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the reference value that a program is (protocol §6.2 step 5): measurement, a trust domain's
 * registers, host data, configuration, each among the entries that fit so far. Where none fits, the
 * next criterion is looked at among all that were left, so that each check speaks for itself.
 */
final class ReferenceSearch {
  private static final String SOURCE = "protocol §6.2 step 5";
  private static final String ANY = "*";
  private static final int SHOWN = 2;

  private final List<Measurements.Entry> kind;
  private final List<Step> steps = new ArrayList<>();

  /** By what the evidence itself shows; a configuration is named by a statement beside it alone. */
  ReferenceSearch(List<Measurements.Entry> entries, EnvironmentClaims claims) {
    this(entries, claims, Optional.empty());
  }

  ReferenceSearch(
      List<Measurements.Entry> entries, EnvironmentClaims claims, Optional<Hash> config) {
    this.kind = entries.stream().filter(e -> e.tee() == Appraiser.tee(claims)).toList();
    List<Measurements.Entry> left = kind;
    for (Criterion criterion : criteria(claims, config)) {
      Step step = new Step(left, criterion);
      steps.add(step);
      left = step.fittingOrAll();
    }
  }

  List<Check> checks() {
    return steps.stream().map(Step::check).toList();
  }

  /** The entry that fits in every respect. */
  Optional<Measurements.Entry> entry() {
    return kind.stream()
        .filter(e -> steps.stream().allMatch(s -> s.criterion().fits(e)))
        .findFirst();
  }

  private static List<Criterion> criteria(EnvironmentClaims claims, Optional<Hash> config) {
    HexBytes hostData = Appraiser.hostData(claims);
    List<Criterion> out = new ArrayList<>();
    out.add(
        new Criterion(
            "measurement",
            e -> e.measurement().hex(),
            claims.measurement().hex(),
            "run a program release that the owner has approved, unchanged"));
    if (claims instanceof TdxClaims tdx) {
      registers(tdx.report().rtmr(), out);
    }
    out.add(
        new Criterion(
            "host-data",
            e -> hostData(e, hostData).hex(),
            hostData.hex(),
            "launch with the HOST_DATA, MRCONFIGID or CONFIGID that the owner has approved, none"
                + " by default"));
    config
        .map(c ->
            new Criterion(
                "config",
                e -> e.config().hex(),
                c.hex(),
                "use the enclave configuration that the owner has approved"))
        .ifPresent(out::add);
    return out;
  }

  /** What was loaded after launch: firmware, kernel, command line, and what the program extends. */
  private static void registers(List<HexBytes> rtmr, List<Criterion> out) {
    for (int i = 0; i < rtmr.size(); i++) {
      int index = i;
      String got = rtmr.get(i).hex();
      out.add(
          new Criterion(
              "rtmr" + i,
              e -> register(e, index, got),
              got,
              "boot the firmware, kernel and system that the owner has approved, unchanged"));
    }
  }

  /** An entry that does not list its registers fits nothing. */
  private static String register(Measurements.Entry e, int index, String got) {
    String expected = index < e.tdx().size() ? e.tdx().get(index) : "a register the entry lists";
    return expected.equals(ANY) ? got : expected;
  }

  /** An entry without host data means that there must be none: zeros. */
  private static HexBytes hostData(Measurements.Entry entry, HexBytes got) {
    return entry.hostData().isEmpty()
        ? new HexBytes("0".repeat(got.hex().length()))
        : entry.hostData();
  }

  /** What of an entry is compared with what the hardware says. */
  private record Criterion(
      String claim, Function<Measurements.Entry, String> value, String got, String remedy) {
    boolean fits(Measurements.Entry e) {
      return value.apply(e).equals(got);
    }
  }

  /** One criterion over the entries that are left. */
  private record Step(List<Measurements.Entry> entries, Criterion criterion) {
    List<Measurements.Entry> fitting() {
      return entries.stream().filter(criterion::fits).toList();
    }

    List<Measurements.Entry> fittingOrAll() {
      List<Measurements.Entry> fitting = fitting();
      return fitting.isEmpty() ? entries : fitting;
    }

    Check check() {
      return Check.of(
          !fitting().isEmpty(),
          criterion.claim(),
          expected(),
          criterion.got(),
          SOURCE,
          criterion.remedy());
    }

    private String expected() {
      if (!fitting().isEmpty()) {
        return criterion.got();
      }
      List<String> distinct = entries.stream().map(criterion.value()).distinct().toList();
      String shown = distinct.stream().limit(SHOWN).collect(Collectors.joining(" or "));
      return distinct.isEmpty()
          ? "an entry for this kind of environment"
          : shown + (distinct.size() > SHOWN ? " or " + (distinct.size() - SHOWN) + " more" : "");
    }
  }
}
