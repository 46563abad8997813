package dev.leasehold.cli;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Vec;
import java.util.LinkedHashSet;
import java.util.Optional;
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
  private final long start = System.nanoTime();
  private int awaited;
  private boolean isAway;

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
    Optional<LeaseView> view = look();
    while (view.isEmpty()) {
      if (isOver(seconds)) {
        console.line(
            console.yellow("UNRESOLVED") + ": the custodian has not said how much is left");
        return false;
      }
      pause();
      view = look();
    }
    return until(seconds, view.get(), ends);
  }

  private boolean until(long seconds, LeaseView first, Predicate<LeaseView.Instance> ends)
      throws CliFailure {
    open.addAll(first.unresolved().stream().filter(ends).map(LeaseView.Instance::id).toList());
    awaited = open.size();
    LeaseView view = first;
    while (true) {
      tell(view);
      if (open.isEmpty()) {
        return true;
      }
      if (isOver(seconds)) {
        console.line(
            console.yellow("UNRESOLVED")
                + ": "
                + Exposure.enclaves(open.size())
                + " may still consume "
                + Amounts.atMost(left(view)));
        return false;
      }
      pause();
      view = look().orElse(view);
    }
  }

  /** True when the custodian did not answer in the end. */
  boolean isAway() {
    return isAway;
  }

  private boolean isOver(long seconds) {
    return seconds > 0 && System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(seconds);
  }

  /** The lease as it is now, unless the custodian is away; that is said once. */
  private Optional<LeaseView> look() throws CliFailure {
    try {
      LeaseView view = client.lease(lease, token);
      if (isAway) {
        console.line("The custodian answers again");
      }
      isAway = false;
      return Optional.of(view);
    } catch (CustodianClient.NotNow e) {
      if (!isAway) {
        console.line(
            console.yellow(String.valueOf(e.getMessage()).split("\n", 2)[0])
                + "; the stop itself stands, and the custodian is asked again until it answers");
      }
      isAway = true;
      return Optional.empty();
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
