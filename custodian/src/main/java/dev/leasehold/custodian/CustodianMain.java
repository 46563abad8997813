package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.PinnedAnchors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Runs a custodian that trusts the vendors' pinned roots, and no others whatever it is told. */
public final class CustodianMain {
  private CustodianMain() {}

  /** Arguments: the folder that init made, the address to listen on, the port. */
  public static void main(String[] args) throws IOException, Malformed, InterruptedException {
    if (args.length != 3) {
      System.err.println("usage: CustodianMain <folder> <address> <port>");
      System.exit(2);
    }
    CustodianConfig config =
        CustodianConfig.of(Path.of(args[0]), args[1], Integer.parseInt(args[2]));
    Custodian custodian = Custodian.start(config, PinnedAnchors.ANCHORS, Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(custodian::close));
    System.out.println("custodian " + custodian.uri() + " pin " + custodian.certificateSha256());
    Thread.currentThread().join();
  }
}
