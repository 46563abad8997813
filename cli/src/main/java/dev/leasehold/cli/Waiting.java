package dev.leasehold.cli;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Vec;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Follows a stop until every enclave concerned is closed or written off, telling each as it comes.
 */
final class Waiting {
  private static final long POLL_MS = 250;

  private final CustodianClient client;
  private final Id lease;
  private final String token;
  private final Console console;
  private final Set<Id> open = new LinkedHashSet<>();
  private int awaited;

  Waiting(CustodianClient client, Id lease, String token, Console console) {
    this.client = client;
    this.lease = lease;
    this.token = token;
    this.console = console;
  }

  /**
   * Waits.
   *
   * @param seconds at most so long; 0 for ever
   * @param ends which enclaves are awaited, of those unresolved now
   * @return false when time was up before all were resolved
   */
  boolean until(long seconds, Predicate<LeaseView.Instance> ends) throws CliFailure {
    LeaseView view = client.lease(lease, token);
    open.addAll(view.unresolved().stream().filter(ends).map(LeaseView.Instance::id).toList());
    awaited = open.size();
    long start = System.nanoTime();
    while (true) {
      tell(view);
      if (open.isEmpty()) {
        return true;
      }
      if (seconds > 0 && System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(seconds)) {
        console.line(
            console.yellow("UNRESOLVED")
                + ": "
                + Exposure.enclaves(open.size())
                + " may still consume "
                + Amounts.atMost(left(view)));
        return false;
      }
      pause();
      view = client.lease(lease, token);
    }
  }

  private void tell(LeaseView view) {
    for (LeaseView.Instance i : view.instances()) {
      if (!i.isUnresolved() && open.remove(i.id())) {
        console.line(
            (awaited - open.size())
                + " of "
                + awaited
                + "  "
                + i.id()
                + "  "
                + LeaseView.inWords(i)
                + "; used "
                + Amounts.inWords(i.used())
                + ". Left: "
                + Amounts.atMost(left(view)));
      }
    }
  }

  private Vec left(LeaseView view) {
    return Vec.sumOrMax(
        view.instances().stream().filter(i -> open.contains(i.id())).map(LeaseView.Instance::x));
  }

  private static void pause() throws CliFailure {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFailure("Interrupted while waiting; the stop itself stands");
    }
  }
}
