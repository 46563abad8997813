package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.lease.Measurements;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the reference value that a program is (protocol §6.2 step 5): measurement, then host data,
 * then configuration, each among the entries that fit so far. Where none fits, the next criterion
 * is looked at among all of the kind, so that each check speaks for itself.
 */
final class ReferenceSearch {
  private static final String SOURCE = "protocol §6.2 step 5";
  private static final int SHOWN = 2;

  private final Step measurement;
  private final Step hostData;
  private final Optional<Step> config;

  /** By what the evidence itself shows; a configuration is named by a statement beside it alone. */
  ReferenceSearch(List<Measurements.Entry> entries, EnvironmentClaims claims) {
    this(entries, claims, Optional.empty());
  }

  ReferenceSearch(
      List<Measurements.Entry> entries, EnvironmentClaims claims, Optional<Hash> config) {
    HexBytes hostData = Appraiser.hostData(claims);
    List<Measurements.Entry> kind =
        entries.stream().filter(e -> e.tee() == Appraiser.tee(claims)).toList();
    this.measurement =
        new Step(
            kind,
            "measurement",
            e -> e.measurement().hex(),
            claims.measurement().hex(),
            "run a program release that the owner has approved, unchanged");
    this.hostData =
        new Step(
            measurement.fittingOrAll(),
            "host-data",
            e -> hostData(e, hostData).hex(),
            hostData.hex(),
            "launch the VM with the HOST_DATA the owner has approved, none by default");
    this.config =
        config.map(c ->
            new Step(
                this.hostData.fittingOrAll(),
                "config",
                e -> e.config().hex(),
                c.hex(),
                "use the enclave configuration that the owner has approved"));
  }

  List<Check> checks() {
    return steps().map(Step::check).toList();
  }

  /** The entry that fits in every respect. */
  Optional<Measurements.Entry> entry() {
    return measurement.fitting().stream()
        .filter(e -> steps().allMatch(s -> s.fitting().contains(e)))
        .findFirst();
  }

  private Stream<Step> steps() {
    return Stream.concat(Stream.of(measurement, hostData), config.stream());
  }

  /** An entry without host data means that there must be none: zeros. */
  private static HexBytes hostData(Measurements.Entry entry, HexBytes got) {
    return entry.hostData().isEmpty()
        ? new HexBytes("0".repeat(got.hex().length()))
        : entry.hostData();
  }

  /** One criterion over the entries that are left. */
  private record Step(
      List<Measurements.Entry> entries,
      String claim,
      Function<Measurements.Entry, String> value,
      String got,
      String remedy) {

    List<Measurements.Entry> fitting() {
      Predicate<Measurements.Entry> fits = e -> value.apply(e).equals(got);
      return entries.stream().filter(fits).toList();
    }

    List<Measurements.Entry> fittingOrAll() {
      List<Measurements.Entry> fitting = fitting();
      return fitting.isEmpty() ? entries : fitting;
    }

    Check check() {
      return Check.of(!fitting().isEmpty(), claim, expected(), got, SOURCE, remedy);
    }

    private String expected() {
      if (!fitting().isEmpty()) {
        return got;
      }
      List<String> distinct = entries.stream().map(value).distinct().toList();
      String shown = distinct.stream().limit(SHOWN).collect(Collectors.joining(" or "));
      return distinct.isEmpty()
          ? "an entry for this kind of environment"
          : shown + (distinct.size() > SHOWN ? " or " + (distinct.size() - SHOWN) + " more" : "");
    }
  }
}
