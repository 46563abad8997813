package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Vec;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The properties of the module, checked in each state of a real run. */
final class Properties {
  private Properties() {}

  /** The name of a property that does not hold, with the numbers; empty when all hold. */
  static Optional<String> broken(State before, State s) {
    Facts f = s.facts();
    Vec served = f.machines().values().stream().map(Machine::used).reduce(Vec.ZERO, Vec::plus);
    if (!served.atMost(f.caps().budget())) {
      return Optional.of("BudgetSafe: served " + served + ", budget " + f.caps().budget());
    }
    if (!s.afterStop().atMost(f.caps().exposureMax())) {
      return Optional.of("OffSwitch: " + s.afterStop() + " after the stop");
    }
    if (!s.stale().atMost(f.caps().exposureMax())) {
      return Optional.of("StaleSafe: " + s.stale() + " after the recall");
    }
    for (Map.Entry<String, Row> e : f.rows().entrySet()) {
      Machine machine = f.machines().get(e.getKey());
      Optional<String> broken =
          machine == null
              ? Optional.of("an instance that no enclave is")
              : broken(e.getValue(), machine, before.facts().rows().get(e.getKey()));
      if (broken.isPresent()) {
        return broken;
      }
    }
    return f.rows().entrySet().stream()
        .flatMap(e -> shutOut(e.getKey(), e.getValue(), s).stream())
        .findFirst();
  }

  private static Optional<String> shutOut(String i, Row row, State s) {
    return s.net().stream()
        .filter(m -> row.isUnresolved() && m.kind().isFinal() && m.instance().equals(i))
        .filter(m -> !Next.accepts(row, m))
        .findFirst()
        .map(m -> "Closable: " + m + " is shut out of " + row);
  }

  private static Optional<String> broken(Row row, Machine machine, @Nullable Row before) {
    if (!row.used().atMost(machine.used())) {
      return Optional.of("LedgerBelow: counted " + row.used() + ", used " + machine.used());
    }
    boolean closed = row.state() == Row.State.CLOSED;
    if (closed && (machine.state() == Machine.State.RUN || !row.used().equals(machine.used()))) {
      return Optional.of("ClosedTruth: " + row + " of " + machine);
    }
    if (!machine.used().atMost(machine.allow())) {
      return Optional.of("LocalSafe: " + machine);
    }
    if (!closed && !machine.allow().atMost(row.allow())) {
      return Optional.of("Covered: " + machine + " has more than is on disk, " + row);
    }
    if (before != null && !before.used().atMost(row.used())) {
      return Optional.of("LedgerGrows: " + before + ", then " + row);
    }
    return Optional.empty();
  }
}
