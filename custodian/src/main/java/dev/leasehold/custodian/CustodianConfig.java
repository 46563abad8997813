package dev.leasehold.custodian;

import dev.leasehold.custodian.collateral.CollateralConfig;
import dev.leasehold.custodian.store.LedgerDatabase;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a custodian runs.
 *
 * @param folder what {@link Custodian#init} made: keys and, by default, database and anchor
 * @param anchor the anchor file; on a volume of its own it survives what befalls the database
 * @param database the ledger; replicas share one on a server
 * @param collateral where what vendors sign comes from
 * @param host address to listen on
 * @param port 0 for any free one
 * @param clientDeadline the longest a client may take to begin a request, to send its headers, and
 *     to send its body, each; then it is cut off
 * @param peakTokensPerSecond more output than this per second is implausible: the lease is
 *     suspended
 */
public record CustodianConfig(
    Path folder,
    Path anchor,
    LedgerDatabase database,
    CollateralConfig collateral,
    String host,
    int port,
    Duration clientDeadline,
    long peakTokensPerSecond) {
  private static final long DEFAULT_PEAK = 100_000;
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  public CustodianConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: expected 0 to 65535, found " + port);
    }
    if (peakTokensPerSecond < 1) {
      throw new IllegalArgumentException(
          "peakTokensPerSecond: expected at least 1, found " + peakTokensPerSecond);
    }
  }

  /** Ledger, anchor and collateral inside the folder; no vendor is asked. */
  public static CustodianConfig of(Path folder, String host, int port) {
    return new CustodianConfig(
        folder,
        folder.resolve(Custodian.ANCHOR_FILE),
        Custodian.databaseIn(folder),
        CollateralConfig.offline(folder),
        host,
        port,
        A_MINUTE,
        DEFAULT_PEAK);
  }

  /** The same with other ways to collateral. */
  public CustodianConfig with(CollateralConfig other) {
    return new CustodianConfig(
        folder, anchor, database, other, host, port, clientDeadline, peakTokensPerSecond);
  }

  /** The same with its ledger elsewhere. */
  public CustodianConfig with(LedgerDatabase other) {
    return new CustodianConfig(
        folder, anchor, other, collateral, host, port, clientDeadline, peakTokensPerSecond);
  }

  /** The same with its anchor elsewhere: on a volume that does not share the ledger's fate. */
  public CustodianConfig withAnchor(Path other) {
    return new CustodianConfig(
        folder, other, database, collateral, host, port, clientDeadline, peakTokensPerSecond);
  }

  /** The same with another deadline for clients. */
  public CustodianConfig with(Duration deadline) {
    return new CustodianConfig(
        folder, anchor, database, collateral, host, port, deadline, peakTokensPerSecond);
  }
}
