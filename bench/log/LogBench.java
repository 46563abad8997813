import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.CustodianConfig;
import dev.leasehold.custodian.CustodianPublic;
import dev.leasehold.custodian.Instruments;
import dev.leasehold.custodian.Office;
import dev.leasehold.custodian.log.LogDesk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A custodian's log on SQLite: rows as steps record them, sequenced, published, proven. Beside it
 * the same rows in a table with nothing but a primary key, in transactions of the same size, each
 * synced to the disk. Proofs are made by the log's desk, without HTTP.
 *
 * <p>Arguments: an empty folder, how many entries, how often; the median round is told.
 */
final class LogBench {
  private static final int TRANSACTION = 256;
  private static final int BODY_BYTES = 1_500;
  private static final int PROOFS = 2_000;
  private static final double GOAL_PER_SECOND = 3_000;
  private static final double GOAL_PROOF_MS = 5;
  private static final String PENDING =
      "INSERT INTO log_entry (entry_hash, idx, body, added_at, added) VALUES (?, NULL, ?, 0, ?)";
  private static final String BARE = "INSERT INTO bare (entry_hash, body, added) VALUES (?, ?, ?)";

  private final int entries;
  private final String[] bodies;
  private final String[] hashes;

  private LogBench(int entries) {
    this.entries = entries;
    this.bodies = new String[entries];
    this.hashes = new String[entries];
    Random random = new Random(1);
    for (int i = 0; i < entries; i++) {
      StringBuilder body = new StringBuilder();
      while (body.length() < BODY_BYTES) {
        body.append(Long.toHexString(random.nextLong()));
      }
      bodies[i] = body.toString();
      hashes[i] = Digests.sha256(bodies[i].getBytes(UTF_8)).hex();
    }
  }

  /** Entries a second of one round. */
  private record Round(double bare, double recorded, double sequenced, double[] proofMillis) {
    /** All that an entry goes through. */
    double published() {
      return 1 / (1 / recorded + 1 / sequenced);
    }

    double proof(double quantile) {
      return proofMillis[(int) (proofMillis.length * quantile)];
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    LogBench bench = new LogBench(Integer.parseInt(arguments[1]));
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i <= Integer.parseInt(arguments[2]); i++) {
      Round round = bench.round(Files.createDirectory(folder.resolve("round-" + i)));
      System.out.printf(
          "round %d: published %.0f /s, proof p99 %.2f ms%n",
          i, round.published(), round.proof(0.99));
      rounds.add(round);
    }
    rounds.sort(Comparator.comparingDouble(Round::published));
    bench.tell(rounds.get(rounds.size() / 2));
  }

  private Round round(Path home) throws Exception {
    Path folder = home.resolve("custodian");
    Ed25519Signer approver = Ed25519Signer.generate(new SecureRandom());
    CustodianPublic shown =
        Custodian.init(
            folder, List.of(approver.key()), 1, "bench.example/log", List.of("localhost"));
    double bare = insert(home.resolve("bare.db"), BARE);
    double recorded = insert(folder.resolve("custodian.db"), PENDING);
    try (Office office =
        Office.open(
            CustodianConfig.of(folder, "127.0.0.1", 0),
            PinnedAnchors.ANCHORS,
            Instruments.of(Clock.systemUTC()))) {
      double sequenced =
          rate(() -> {
            office.logKeeper().sequence();
            return office;
          });
      LogDesk log = office.services().log();
      Checkpoint head = Checkpoint.parse(log.checkpoint(), shown.log().origin(), shown.log().key());
      if (head.size() != entries) {
        throw new IllegalStateException("expected " + entries + " entries, found " + head.size());
      }
      return new Round(bare, recorded, sequenced, proofs(log));
    }
  }

  private void tell(Round round) {
    System.out.printf(
        "%d entries of %d bytes, SQLite, synchronous; the median round%n", entries, BODY_BYTES);
    System.out.printf("%-38s %9.0f /s%n", "bare inserts, 256 a transaction", round.bare);
    line("recorded, 256 a transaction", round.recorded, round.bare);
    line("sequenced, signed and published", round.sequenced, round.bare);
    line("recorded, sequenced and published", round.published(), round.bare);
    System.out.printf(
        "goal %.0f /s: %s%n", GOAL_PER_SECOND, word(round.published() >= GOAL_PER_SECOND));
    System.out.printf(
        "inclusion proof in %d entries: median %.2f ms, p99 %.2f ms; goal %.0f ms: %s%n",
        entries,
        round.proof(0.5),
        round.proof(0.99),
        GOAL_PROOF_MS,
        word(round.proof(0.99) < GOAL_PROOF_MS));
  }

  private double insert(Path database, String sql) throws Exception {
    try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      try (Statement s = c.createStatement()) {
        s.execute("PRAGMA journal_mode = WAL");
        s.execute("PRAGMA synchronous = FULL");
        s.execute(
            "CREATE TABLE IF NOT EXISTS bare"
                + " (entry_hash TEXT PRIMARY KEY, body TEXT, added BIGINT)");
      }
      c.setAutoCommit(false);
      return rate(() -> {
        try (PreparedStatement s = c.prepareStatement(sql)) {
          for (int i = 0; i < entries; i++) {
            s.setString(1, hashes[i]);
            s.setString(2, bodies[i]);
            s.setLong(3, i + 1L);
            s.executeUpdate();
            if ((i + 1) % TRANSACTION == 0) {
              c.commit();
            }
          }
        }
        c.commit();
        return c;
      });
    }
  }

  private double rate(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return entries * 1e9 / (System.nanoTime() - start);
  }

  /** How long each took, sorted. */
  private double[] proofs(LogDesk log) throws Exception {
    Random random = new Random(2);
    double[] ms = new double[PROOFS];
    for (int round = -PROOFS / 4; round < PROOFS; round++) {
      Hash hash = new Hash(hashes[random.nextInt(entries)]);
      long start = System.nanoTime();
      log.inclusion(hash);
      if (round >= 0) {
        ms[round] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(ms);
    return ms;
  }

  private static void line(String what, double rate, double bare) {
    System.out.printf("%-38s %9.0f /s   %.2f of bare%n", what, rate, rate / bare);
  }

  private static String word(boolean reached) {
    return reached ? "reached" : "MISSED";
  }
}
