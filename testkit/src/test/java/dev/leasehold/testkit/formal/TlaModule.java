package dev.leasehold.testkit.formal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A TLA+ module of docs/formal with the constants and properties it is checked with by default.
 *
 * @param bounds constants that bound the search
 * @param checks constants that switch one check of the design on
 * @param values model values that the bounds use
 */
record TlaModule(
    String name,
    Map<String, String> bounds,
    List<String> checks,
    List<String> values,
    List<String> properties,
    boolean symmetric) {

  static final TlaModule LEASE =
      new TlaModule(
          "Lease",
          Map.ofEntries(
              Map.entry("Inst", "{i1, i2}"),
              Map.entry("B", "4"),
              Map.entry("T", "2"),
              Map.entry("Q", "1"),
              Map.entry("EMax", "2"),
              Map.entry("TTL", "1"),
              Map.entry("MaxNow", "0"),
              Map.entry("MaxSeq", "2"),
              Map.entry("TrustedTime", "FALSE"),
              Map.entry("WithRestore", "FALSE"),
              Map.entry("WithRecall", "FALSE"),
              Map.entry("WithFence", "TRUE")),
          List.of(
              "CkReserve",
              "CkTranche",
              "CkExposure",
              "CkEpoch",
              "CkBind",
              "CkFresh",
              "CkAbsolute",
              "CkSeq",
              "CkNoRefundFence",
              "CkStopFirst",
              "CkSendTime",
              "CkAnchor",
              "CkExpoFenced",
              "CkState",
              "CkRoundDown",
              "CkHalt",
              "CkUnanswered"),
          List.of("i1", "i2", "i3"),
          List.of(
              "BudgetSafe",
              "OffSwitch",
              "StaleSafe",
              "TimeSafe",
              "LedgerBelow",
              "ClosedTruth",
              "LocalSafe",
              "LedgerGrows"),
          true);

  static final TlaModule RACE =
      new TlaModule(
          "LeaseRace",
          Map.of("Inst", "{a, b}", "Rep", "{r1, r2}", "B", "5", "T", "2", "MaxSeq", "3"),
          List.of("CkCas", "CkDurable", "CkIdem", "CkRevokeCas"),
          List.of("a", "b", "r1", "r2"),
          List.of("Budget", "Ledger", "NoPost", "Covered", "Outstanding"),
          false);

  /** The one property of steps; all others are invariants of states. */
  private static final String ACTION_PROPERTY = "LedgerGrows";

  String file() {
    return name + ".tla";
  }

  /** TLC's configuration: every check on and the default bounds, but for {@code overrides}. */
  String configuration(Map<String, String> overrides, List<String> checked) {
    Map<String, String> constants = new TreeMap<>(bounds);
    checks.forEach(c -> constants.put(c, "TRUE"));
    overrides.forEach((constant, value) -> {
      if (constants.put(constant, value) == null) {
        throw new IllegalArgumentException(name + " has no constant " + constant);
      }
    });
    StringBuilder out = new StringBuilder("SPECIFICATION Spec\n");
    out.append(symmetric ? "SYMMETRY Symm\n" : "");
    constants.forEach((c, v) -> out.append("CONSTANT ").append(c + " = " + v + "\n"));
    String used = String.join(" ", constants.values());
    values.stream()
        .filter(used::contains)
        .forEach(v -> out.append("CONSTANT " + v + " = " + v + "\n"));
    for (String property : checked) {
      out.append(property.equals(ACTION_PROPERTY) ? "PROPERTY " : "INVARIANT ").append(property);
      out.append('\n');
    }
    return out.append("CHECK_DEADLOCK FALSE\n").toString();
  }
}
