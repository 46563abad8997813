package dev.leasehold.custodian;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One relay's connection, on which the enclaves behind it beat one after another. An answer's time
 * counts from when its heartbeat was due, whatever held it up, and every answer is verified.
 */
final class Line implements Callable<Line.Account> {
  private static final long TOKENS_A_BEAT = 7;
  private static final long AGAIN_MS = 200;

  private final World world;
  private final List<Turn> turns;
  private final long period;
  private final long ttl;
  private final int rounds;
  private final long[] nanos;
  private final Set<Enclave> stopped = new HashSet<>();
  private Wire wire;
  private volatile int answered;
  private long late;
  private long missed;
  private long again;

  /** An enclave and when it is first due. */
  record Turn(Enclave enclave, long due) {}

  /**
   * What became of its heartbeats.
   *
   * @param late answered after the next one was due
   * @param missed not answered before the ttl was over; the enclave has stopped then
   * @param again sent once more, on another connection
   */
  record Account(long[] nanos, long late, long missed, long again) {}

  Line(World world, List<Turn> turns, Duration period, Duration ttl, int rounds)
      throws IOException {
    this.world = world;
    this.turns = turns;
    this.period = period.toNanos();
    this.ttl = ttl.toNanos();
    this.rounds = rounds;
    this.nanos = new long[turns.size() * rounds];
    this.wire = new Wire(world);
  }

  int answered() {
    return answered;
  }

  @Override
  public Account call() throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (Turn turn : turns) {
        if (!stopped.contains(turn.enclave)) {
          beat(turn.enclave, turn.due + round * period);
        }
      }
    }
    return new Account(Arrays.copyOf(nanos, answered), late, missed, again);
  }

  private void beat(Enclave e, long due) throws Exception {
    while (due - System.nanoTime() > 0) {
      LockSupport.parkNanos(due - System.nanoTime());
    }
    Signed<Heartbeat> h = e.heartbeatOf(e.grant.body().used().outputTokens() + TOKENS_A_BEAT);
    Optional<Bundles.HeartbeatReply> reply = answer(e, h, due);
    if (reply.isEmpty()) {
      missed++;
      stopped.add(e);
      return;
    }
    long took = System.nanoTime() - due;
    nanos[answered] = took;
    late += took > period ? 1 : 0;
    missed += took > ttl ? 1 : 0;
    e.accept(h, reply.get());
    answered++;
  }

  /** The same bytes until they are answered, or until the enclave would have stopped. */
  private Optional<Bundles.HeartbeatReply> answer(Enclave e, Signed<Heartbeat> h, long due)
      throws Exception {
    while (System.nanoTime() - due < ttl) {
      try {
        return Optional.of(wire.heartbeat(e, h));
      } catch (IOException failed) {
        again++;
        TimeUnit.MILLISECONDS.sleep(AGAIN_MS);
        wire = new Wire(world);
      }
    }
    return Optional.empty();
  }
}
