package dev.leasehold.custodian;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the processes of a run take of the processor: the custodian's, and the load's own. */
final class Consumption {
  private static final String ONE_OF_ITS_PROCESSES =
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";

  private final ProcessHandle custodian;
  private final Optional<ProcessHandle> database;

  Consumption(Process custodian, Engine engine) {
    this.custodian = custodian.toHandle();
    this.database =
        engine == Engine.POSTGRES
            ? ProcessHandle.of(TestPostgres.shared().number(ONE_OF_ITS_PROCESSES))
                .flatMap(ProcessHandle::parent)
            : Optional.empty();
  }

  /** Seconds of CPU, and of the clock on the wall. */
  record Cpu(double custodian, double database, double load, double seconds) {
    Cpu since(Cpu o) {
      return new Cpu(
          custodian - o.custodian, database - o.database, load - o.load, seconds - o.seconds);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "custodian %.2f cores%s, load %.2f",
          custodian / seconds,
          database > 0 ? String.format(Locale.ROOT, ", database %.2f", database / seconds) : "",
          load / seconds);
    }
  }

  Cpu now() {
    return new Cpu(
        cpu(Stream.of(custodian)),
        cpu(database.stream().flatMap(ProcessHandle::descendants)),
        cpu(Stream.of(ProcessHandle.current())),
        System.nanoTime() / 1e9);
  }

  /** What the load keeps in memory. */
  static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static double cpu(Stream<ProcessHandle> processes) {
    return processes
            .flatMap(p -> p.info().totalCpuDuration().stream())
            .mapToLong(d -> d.toNanos())
            .sum()
        / 1e9;
  }
}
