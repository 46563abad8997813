package dev.leasehold.borrower.carry;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Bundles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** One {@link CommandFeed} an enclave, opened when it first asks (protocol §9.6(5)). */
public final class Commands implements AutoCloseable {
  private final CustodianClient custodian;
  private final Archive archive;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final Map<Id, CommandFeed> feeds = new ConcurrentHashMap<>();

  public Commands(
      CustodianClient custodian, Archive archive, Backoff backoff, RandomGenerator random) {
    this.custodian = custodian;
    this.archive = archive;
    this.backoff = backoff;
    this.random = random;
  }

  /** Commands above {@code after} for an enclave this relay knows; waits at most this long. */
  public List<Bundles.CommandItem> await(Id instance, long after, Duration wait)
      throws InterruptedException {
    return feeds
        .computeIfAbsent(
            instance, id -> new CommandFeed(id, custodian, archive, backoff, random).start())
        .await(after, wait);
  }

  @Override
  public void close() {
    feeds.values().forEach(CommandFeed::close);
  }
}
