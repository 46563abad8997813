package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.testkit.snp.SimulatedAmd;
import java.security.SecureRandom;
import java.util.Locale;

/** A custodian's log without its traffic: rows made by SQL, and time that passes when told to. */
final class LogRows {
  private static final Anchors ANCHORS = SimulatedAmd.shared().anchors();

  private LogRows() {}

  /** Entries that wait to be sequenced, numbered from {@code first}, in that order. */
  static void add(World world, int first, int count) throws Exception {
    world.sql(
        "WITH RECURSIVE n(i) AS (SELECT "
            + first
            + " UNION ALL SELECT i + 1 FROM n WHERE i + 1 < "
            + (first + count)
            + ") INSERT INTO log_entry (entry_hash, idx, body, added_at, added)"
            + " SELECT printf('%064x', i), NULL, 'entry ' || i, 0, i FROM n");
  }

  static String body(int number) {
    return "entry " + number;
  }

  static Hash hash(int number) {
    return new Hash(String.format(Locale.ROOT, "%064x", number));
  }

  /** The stopped custodian's office, in which the log's keeper does what it is told. */
  static Office office(World world) throws Exception {
    return office(world, Instruments.of(world.clock));
  }

  static Office office(World world, Instruments instruments) throws Exception {
    return Office.open(world.config(), ANCHORS, instruments.with(new SecureRandom()));
  }
}
