package dev.leasehold.custodian;

import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a custodian has written, by its database and by its own metrics. */
record Ledger(World world) {
  /**
   * At one moment.
   *
   * @param logged entries of the log under a checkpoint
   * @param pending recorded and not yet published
   * @param lagSeconds how long the oldest of those waits
   */
  record Size(long bytes, long logged, long pending, long lagSeconds) {}

  Size size() throws IOException {
    String metrics = world.get("/metrics").text();
    return new Size(
        bytes(),
        value(metrics, "leasehold_log_size"),
        value(metrics, "leasehold_log_pending"),
        value(metrics, "leasehold_log_lag_seconds"));
  }

  private long bytes() throws IOException {
    return switch (world.database) {
      case PostgresServer server ->
          TestPostgres.shared()
              .number(
                  "SELECT pg_database_size('"
                      + server.place().substring(server.place().indexOf('/') + 1)
                      + "')");
      case LedgerDatabase.SqliteFile(Path file) ->
          Files.size(file) + Files.size(file.resolveSibling(file.getFileName() + "-wal"));
    };
  }

  private static long value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
