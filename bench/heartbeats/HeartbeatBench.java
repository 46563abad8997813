package dev.leasehold.custodian;

import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.custodian.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Durable heartbeats a second, all checks and signatures included, over TLS from this same machine:
 * as fast as they are answered, then at half that pace. In the same run: what the bare database
 * commits and what the signatures alone cost.
 */
final class HeartbeatBench {
  private static final int CONNECTIONS = 64;
  private static final long TRANCHE = 2_000;
  private static final double WARM_UP = 40;

  private HeartbeatBench() {}

  /** How long each answer took, sorted, and how long all of them took. */
  private record Run(long[] nanos, double seconds) {
    double rate() {
      return nanos.length / seconds;
    }

    double millis(double quantile) {
      return nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * quantile))] / 1e6;
    }
  }

  /** An enclave and its relay's connection. */
  private record Load(Enclave enclave, Wire wire) {}

  /** Arguments: an empty folder on the disk to measure, seconds a round, rounds, the database. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    double seconds = Double.parseDouble(args[1]);
    int rounds = Integer.parseInt(args[2]);
    System.out.printf("signatures  one core: %,.0f sign/s, %,.0f verify/s%n", signs(), verifies());
    switch (args[3]) {
      case "sqlite" ->
          measure(
              new World(folder),
              () -> {
                Path file = Files.createTempFile(folder, "bare", ".db");
                Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
                try (Statement s = c.createStatement()) {
                  s.execute("PRAGMA journal_mode = WAL");
                  s.execute("PRAGMA synchronous = FULL");
                }
                return c;
              },
              seconds,
              rounds);
      case "postgres" -> {
        try (TestPostgres server = TestPostgres.fresh(true)) {
          PostgresServer bare = server.database();
          measure(
              new World(folder, server.database()),
              () ->
                  DriverManager.getConnection(
                      "jdbc:postgresql://" + bare.place(), bare.user(), bare.password()),
              seconds,
              rounds);
        }
      }
      default -> throw new IllegalArgumentException("expected sqlite or postgres: " + args[3]);
    }
  }

  /** A connection to an empty database with the settings of the ledger. */
  private interface Bare {
    Connection connect() throws Exception;
  }

  private static void measure(World made, Bare bare, double seconds, int rounds)
      throws Exception {
    try (World world = made.lend(HeartbeatBench::roomy)) {
      world.stop();
      Process child = world.startChild("-XX:+UseSerialGC");
      try {
        List<Load> loads = enrol(world);
        run(loads, Math.max(WARM_UP, seconds), 0); // until the compiler has seen it
        for (int round = 1; round <= rounds; round++) {
          double commits = commits(bare);
          double before = cpu(child);
          Run most = run(loads, seconds, 0);
          double cpu = (cpu(child) - before) / most.nanos.length;
          Run half = run(loads, seconds, most.rate() / 2);
          System.out.printf(
              "round %d  bare commits %,.0f/s  heartbeats %,.0f/s (%.1f a bare commit), p50 %.1f ms,"
                  + " p99 %.1f ms, %.2f ms CPU each  at half: %,.0f/s, p50 %.1f ms, p99 %.1f ms%n",
              round,
              commits,
              most.rate(),
              most.rate() / commits,
              most.millis(0.5),
              most.millis(0.99),
              cpu * 1e3,
              half.rate(),
              half.millis(0.5),
              half.millis(0.99));
        }
      } finally {
        child.destroy();
        child.waitFor();
      }
      world.start();
    }
  }

  /** Seconds of CPU a process has used. */
  private static double cpu(Process process) {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  private static dev.leasehold.core.lease.Lease roomy(dev.leasehold.core.lease.Lease l) {
    return Leases.limits(
        Leases.with(
            l, Owner.out(1L << 40), Owner.out(TRANCHE), Owner.out(TRANCHE * 2 * CONNECTIONS)),
        1_000_000,
        CONNECTIONS,
        Tier.B);
  }

  private static List<Load> enrol(World world) throws Exception {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      loads.add(new Load(world.enclave().enrolled(), new Wire(world)));
    }
    return loads;
  }

  /** Every enclave beats again as soon as it is answered, or at its share of {@code perSecond}. */
  private static Run run(List<Load> loads, double seconds, double perSecond) throws Exception {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    try (ExecutorService threads = Executors.newFixedThreadPool(loads.size())) {
      List<Future<List<Long>>> running = new ArrayList<>();
      for (int i = 0; i < loads.size(); i++) {
        Load load = loads.get(i);
        long every = perSecond == 0 ? 0 : (long) (1e9 * loads.size() / perSecond);
        long first = start + every * i / loads.size();
        running.add(threads.submit(() -> beat(load, first, every, end)));
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> f : running) {
        all.addAll(f.get());
      }
      long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
      return new Run(sorted, (System.nanoTime() - start) / 1e9);
    }
  }

  /** At a fixed pace an answer's time counts from when the heartbeat was due, not from its sending. */
  private static List<Long> beat(Load load, long first, long every, long end) throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (long due = first; due - end < 0; due = every == 0 ? System.nanoTime() : due + every) {
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      Enclave e = load.enclave;
      Signed<Heartbeat> h = e.heartbeatOf(e.grant.body().used().outputTokens() + 7);
      Bundles.HeartbeatReply reply = load.wire.heartbeat(e, h);
      nanos.add(System.nanoTime() - due);
      e.accept(h, reply);
    }
    return nanos;
  }

  /** Transactions of one row each, for a second. */
  private static double commits(Bare bare) throws Exception {
    try (Connection c = bare.connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE IF NOT EXISTS t (v TEXT)");
      c.setAutoCommit(false);
      long start = System.nanoTime();
      int n = 0;
      try (PreparedStatement insert = c.prepareStatement("INSERT INTO t (v) VALUES (?)")) {
        for (; System.nanoTime() - start < 1_000_000_000L; n++) {
          insert.setString(1, "x".repeat(2_000));
          insert.executeUpdate();
          c.commit();
        }
      }
      return n / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static double signs() {
    Ed25519Signer key = Ed25519Signer.generate(Owner.RANDOM);
    return perSecond(() -> key.sign(new byte[1_024]));
  }

  private static double verifies() {
    Ed25519Signer key = Ed25519Signer.generate(Owner.RANDOM);
    var signed = Dsse.sign(Statements.ORDER, order(), key);
    return perSecond(() -> Dsse.open(Statements.ORDER, signed.envelope(), key.key()));
  }

  private static dev.leasehold.core.lease.Order order() {
    return new Owner(0, 1).order(dev.leasehold.core.lease.Order.Action.REVOKE, 0, 0, 0);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double perSecond(Work work) {
    double[] rates = new double[5];
    try {
      for (int i = 0; i < rates.length; i++) {
        long start = System.nanoTime();
        int n = 0;
        for (; System.nanoTime() - start < 200_000_000L; n++) {
          work.run();
        }
        rates[i] = n / ((System.nanoTime() - start) / 1e9);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    Arrays.sort(rates);
    return rates[rates.length / 2];
  }
}
