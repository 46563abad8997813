package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Many enclaves on one custodian, each heard once a minute: how long its answers take, whether one
 * came too late, and what it cost. Every enclave enrolled by evidence that the custodian appraised,
 * and signs with a key of its own; the hardware is simulated, and they share few connections, as
 * behind relays.
 */
final class FleetBench {
  private static final Duration HEARTBEAT = Duration.ofMinutes(1);
  private static final Duration TTL = HEARTBEAT.multipliedBy(2);
  private static final int CONNECTIONS = 64;
  private static final long TRANCHE = 2_000;

  private final World world;
  private final int leases;
  private final int perLease;
  private final int minutes;

  private FleetBench(World world, int leases, int perLease, int minutes) {
    this.world = world;
    this.leases = leases;
    this.perLease = perLease;
    this.minutes = minutes;
  }

  /**
   * Arguments: an empty folder on the disk to measure, the database, leases, each one's, minutes.
   */
  public static void main(String[] args) throws Exception {
    Engine engine = Engine.valueOf(args[1]);
    int perLease = Integer.parseInt(args[3]);
    try (World world = new World(Path.of(args[0]), engine).lend(l -> roomy(l, perLease))) {
      world.stop();
      Process custodian = world.startChild("-Xmx2g");
      try {
        new FleetBench(world, Integer.parseInt(args[2]), perLease, Integer.parseInt(args[4]))
            .run(engine, custodian);
      } finally {
        custodian.destroy();
        custodian.waitFor();
      }
    }
  }

  private void run(Engine engine, Process custodian) throws Exception {
    System.out.printf(
        "fleet       %,d leases of %,d enclaves on %s, a heartbeat each %d s, ttl %d s,"
            + " %d connections%n",
        leases, perLease, engine, HEARTBEAT.toSeconds(), TTL.toSeconds(), CONNECTIONS);
    Consumption used = new Consumption(custodian, engine);
    Consumption.Cpu start = used.now();
    List<Enclave> fleet = new Enrolment(world, leases(), perLease).run();
    Consumption.Cpu enrolled = used.now();
    System.out.printf(
        "enrolment   %s; %.1f ms of the custodian's each; the load's heap %,d MB%n",
        enrolled.since(start),
        enrolled.since(start).custodian() * 1e3 / fleet.size(),
        Consumption.heap() >> 20);
    Ledger ledger = new Ledger(world);
    Ledger.Size before = ledger.size();
    start = used.now();
    List<Line.Account> accounts = beat(fleet);
    report(accounts, used.now().since(start), before, ledger.size());
  }

  private List<Id> leases() {
    List<Id> ids = new ArrayList<>(List.of(world.leaseId()));
    while (ids.size() < leases) {
      Id id = Owner.id();
      world.register(
          "leases", world.owner.sign(Terms.of(world.lease.body()).named(id).lease()).envelope());
      ids.add(id);
    }
    return ids;
  }

  /** None is fenced while the others enrol, and none runs out. */
  private static Lease roomy(Lease l, int perLease) {
    Vec tranche = Owner.out(TRANCHE);
    Lease large = Leases.with(l, Owner.out(1L << 40), tranche, tranche.times(2L * perLease));
    return Terms.of(Leases.limits(large, 1_000_000, perLease, Tier.B))
        .with("heartbeatMs", HEARTBEAT.toMillis())
        .with("ttlMs", TTL.toMillis())
        .with("graceMs", Duration.ofHours(3).toMillis())
        .lease();
  }

  /** The enclaves' turns are spread evenly over the minute, and so over the connections. */
  private List<Line.Account> beat(List<Enclave> fleet) throws Exception {
    long turn = HEARTBEAT.toNanos() / fleet.size();
    long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    int lines = Math.min(CONNECTIONS, fleet.size());
    List<Line> all = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      List<Line.Turn> turns = new ArrayList<>();
      for (int e = i; e < fleet.size(); e += lines) {
        turns.add(new Line.Turn(fleet.get(e), start + e * turn));
      }
      all.add(new Line(world, turns, HEARTBEAT, TTL, minutes));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(lines)) {
      List<Future<Line.Account>> running = all.stream().map(threads::submit).toList();
      for (int minute = 1; minute <= minutes; minute++) {
        long left = start + minute * HEARTBEAT.toNanos() - System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(left);
        System.out.printf(
            "minute %-4d %,d answers%n", minute, all.stream().mapToLong(Line::answered).sum());
      }
      List<Line.Account> accounts = new ArrayList<>();
      for (Future<Line.Account> f : running) {
        accounts.add(f.get());
      }
      return accounts;
    }
  }

  private void report(
      List<Line.Account> accounts, Consumption.Cpu spent, Ledger.Size before, Ledger.Size after) {
    Spread all = Spread.of(accounts.stream().flatMapToLong(a -> LongStream.of(a.nanos())));
    long late = accounts.stream().mapToLong(Line.Account::late).sum();
    long missed = accounts.stream().mapToLong(Line.Account::missed).sum();
    System.out.printf(
        "answers     %,d in %d minutes, %,.0f/s; after they were due: %s%n",
        all.count(), minutes, all.count() / spent.seconds(), all);
    System.out.printf(
        "deadlines   late (the next was due) %,d, missed (ttl over) %,d; sent again %,d%n",
        late, missed, accounts.stream().mapToLong(Line.Account::again).sum());
    System.out.printf(
        "CPU         %s; %.2f ms of the custodian's a heartbeat%n",
        spent, spent.custodian() * 1e3 / Math.max(1, all.count()));
    System.out.printf(
        "ledger      %,.0f MB, %+,.0f MB (%,.1f kB a heartbeat); log %,d entries, %+,d; at the end"
            + " %,d wait, the oldest for %d s%n",
        after.bytes() / 1e6,
        (after.bytes() - before.bytes()) / 1e6,
        (after.bytes() - before.bytes()) / 1e3 / Math.max(1, all.count()),
        after.logged(),
        after.logged() - before.logged(),
        after.pending(),
        after.lagSeconds());
    System.out.printf("goal        no missed deadline: %s%n", missed == 0 ? "reached" : "MISSED");
  }
}
