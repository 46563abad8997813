package dev.leasehold.enclave.meter;

import dev.leasehold.core.lease.Heartbeat;
import java.util.ArrayList;
import java.util.List;

/** Counts requests by how they ended. Safe from any thread. */
public final class Tally {
  /**
   * Requests since boot.
   *
   * @param finished ended by themselves or at their length limit
   * @param aborted admitted and ended otherwise
   * @param denied not admitted
   * @param lengths finished ones by output tokens (protocol §6.3)
   */
  public record Counts(long finished, long aborted, long denied, List<Long> lengths) {
    /** Requests that will cost nothing more. */
    public long ended() {
      return finished + aborted;
    }
  }

  private long entered;
  private final long[] lengths = new long[Heartbeat.BUCKETS];
  private long finished;
  private long aborted;
  private long denied;

  /** A request is about to ask for admission; exactly one of the other three follows. */
  public synchronized void entered() {
    entered++;
  }

  public synchronized void finished(long outputTokens) {
    finished++;
    lengths[bucket(outputTokens)]++;
  }

  public synchronized void aborted() {
    aborted++;
  }

  public synchronized void denied() {
    denied++;
  }

  /** Requests that have entered and may still cost something. */
  public synchronized long live() {
    return entered - finished - aborted - denied;
  }

  public synchronized Counts counts() {
    List<Long> copy = new ArrayList<>();
    for (long n : lengths) {
      copy.add(n);
    }
    return new Counts(finished, aborted, denied, List.copyOf(copy));
  }

  /** Bucket 0 holds n ≤ 1, bucket k 2^(k−1) &lt; n ≤ 2^k, the last one all above. */
  static int bucket(long n) {
    int k = n <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(n - 1);
    return Math.min(k, Heartbeat.BUCKETS - 1);
  }
}
