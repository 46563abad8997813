package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import dev.leasehold.testkit.snp.SimulatedAnchors;
import java.nio.file.Path;
import java.time.Clock;

/** A custodian in a process of its own, for tests that kill it. */
final class ChildCustodian {
  private ChildCustodian() {}

  /** Arguments: the custodian's folder, that of the simulated roots, its ledger, its anchor. */
  public static void main(String[] args) throws Exception {
    Custodian custodian =
        Custodian.start(
            CustodianConfig.of(Path.of(args[0]), "127.0.0.1", 0)
                .with(database(args[2]))
                .withAnchor(Path.of(args[3])),
            SimulatedAnchors.read(Path.of(args[1])),
            Clock.systemUTC());
    System.out.println(custodian.uri());
    Thread.currentThread().join();
  }

  private static LedgerDatabase database(String where) throws Malformed {
    return where.contains(":")
        ? PostgresServer.parse(where, "")
        : new LedgerDatabase.SqliteFile(Path.of(where));
  }
}
