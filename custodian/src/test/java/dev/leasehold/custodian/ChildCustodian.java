package dev.leasehold.custodian;

import dev.leasehold.testkit.snp.SimulatedAnchors;
import java.nio.file.Path;
import java.time.Clock;

/** A custodian in a process of its own, for tests that kill it. */
final class ChildCustodian {
  private ChildCustodian() {}

  /** Arguments: the custodian's folder, the folder of the simulated roots. */
  public static void main(String[] args) throws Exception {
    Custodian custodian =
        Custodian.start(
            CustodianConfig.of(Path.of(args[0]), "127.0.0.1", 0),
            SimulatedAnchors.read(Path.of(args[1])),
            Clock.systemUTC());
    System.out.println(custodian.uri());
    Thread.currentThread().join();
  }
}
