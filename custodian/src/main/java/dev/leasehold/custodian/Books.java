package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.StartCheck;
import dev.leasehold.custodian.log.LogCheck;
import dev.leasehold.custodian.store.Anchor;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Database and anchor, opened and compared with each other (protocol §8.5). */
record Books(Store store, Anchor anchor, Freeze freeze) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Books.class);

  static Books open(CustodianConfig config, Clock clock, Incidents incidents) throws IOException {
    Store store = Store.open(config.database(), clock);
    try {
      Anchor anchor = openAnchor(config.anchor(), store);
      Freeze freeze = new Freeze();
      // Read without holding the ledger, which another node may serve; what is wrong is looked at
      // again.
      boolean logIsWhole = store.read(LogCheck::everything).isEmpty();
      Optional<String> frozen = store.setUp(tx -> check(tx, anchor, logIsWhole, freeze, incidents));
      frozen.ifPresent(reason -> LOG.error("FROZEN, only stops are taken: {}", reason));
      if (frozen.isEmpty()) {
        anchor.start(store.read(Books::versions));
      }
      return new Books(store, anchor, freeze);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Why the ledger is frozen: it was, or the check finds that it must be. */
  private static Optional<String> check(
      Tx tx, Anchor anchor, boolean logIsWhole, Freeze freeze, Incidents incidents) {
    StartCheck.run(tx, anchor)
        .or(() -> logIsWhole ? Optional.empty() : LogCheck.everything(tx))
        .ifPresent(fault -> {
          freeze.freeze(tx, fault.reason(), fault.leases());
          incidents.record(tx, "rollback", Optional.empty(), Optional.empty(), fault.reason());
        });
    return freeze.reason(tx);
  }

  private static Map<Id, Long> versions(Tx tx) {
    return tx.leases().all().stream().collect(Collectors.toMap(LeaseRow::leaseId, LeaseRow::ver));
  }

  private static Anchor openAnchor(Path file, Store store) throws IOException {
    if (Files.exists(file)) {
      return Anchor.open(file);
    }
    throw new IOException(
        file
            + ": expected the anchor of this ledger, found none; bring back the file, or copy that of"
            + " a running replica ("
            + store.read(tx -> tx.leases().all().size())
            + " leases are in the database)");
  }

  @Override
  public void close() {
    store.close();
    try {
      anchor.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
