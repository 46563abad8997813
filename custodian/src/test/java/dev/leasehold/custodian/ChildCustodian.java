package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import dev.leasehold.testkit.snp.SimulatedAnchors;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A custodian in a process of its own, for tests that kill it. It ends by itself when nobody holds
 * the other end of its standard input any more, and so with its test.
 */
final class ChildCustodian {
  private ChildCustodian() {}

  /** Arguments: the custodian's folder, that of the simulated roots, its ledger, its anchor. */
  public static void main(String[] args) throws Exception {
    CustodianConfig config =
        CustodianConfig.of(Path.of(args[0]), "127.0.0.1", 0)
            .with(database(args[2]))
            .withAnchor(Path.of(args[3]));
    Anchors anchors = SimulatedAnchors.read(Path.of(args[1]));
    try (Custodian custodian = Custodian.start(config, anchors, Clock.systemUTC())) {
      System.out.println(custodian.uri());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static LedgerDatabase database(String where) throws Malformed {
    return where.contains(":")
        ? PostgresServer.parse(where, "")
        : new LedgerDatabase.SqliteFile(Path.of(where));
  }
}
