package dev.leasehold.enclave.meter;

import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Vec;

/**
 * What a heartbeat tells of the true use (protocol §12): rounded down, and unchanged until enough
 * requests are behind it. It never exceeds the true use and never falls.
 */
final class UseReport {
  private static final long MEGAFLOPS_QUANTUM = 1_000;
  private static final long LOW_PERCENT = 25;

  private Vec last = Vec.ZERO;
  private long endedAtChange;

  /** The {@code used} of the newest heartbeat made. */
  Vec last() {
    return last;
  }

  /** What a heartbeat made now would report. */
  Vec preview(Guard.State state, boolean running, long ended, Lease lease) {
    boolean hidesEnough = ended - endedAtChange >= lease.telemetry().minRequests();
    long topUp = lease.telemetry().topUpPercent();
    long low = topUp == 0 ? LOW_PERCENT : topUp;
    if (running && !hidesEnough && !isLow(state, low, lease)) {
      return last;
    }
    return floor(state.charged(), lease.telemetry().quantum()).max(last);
  }

  void made(Vec used, long ended) {
    if (!used.equals(last)) {
      last = used;
      endedAtChange = ended;
    }
  }

  /** True when less than this share of the tranche is left in a component that is budgeted. */
  static boolean isLow(Guard.State state, long percent, Lease lease) {
    Vec left = state.left();
    for (Vec.Component c : Vec.Component.values()) {
      boolean budgeted = lease.budget().get(c) > 0;
      if (budgeted && left.get(c) < share(lease.tranche().get(c), percent)) {
        return true;
      }
    }
    return false;
  }

  static Vec floor(Vec charged, long quantum) {
    return new Vec(
        charged.requests(),
        down(charged.inputTokens(), quantum),
        down(charged.outputTokens(), quantum),
        down(charged.megaflops(), MEGAFLOPS_QUANTUM));
  }

  /** Rounded up, so that "less than the share" holds exactly where it does for real numbers. */
  private static long share(long tranche, long percent) {
    return Math.ceilDiv(Math.multiplyExact(tranche, percent), 100);
  }

  private static long down(long n, long quantum) {
    return n - n % quantum;
  }
}
